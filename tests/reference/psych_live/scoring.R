# Random sheets of the 25 items of bfi.yaml, scored by the psych that is installed.
# usage: Rscript scoring.R DIRECTORY     writes answers.csv, expected.csv; status 77 without psych
if (!suppressWarnings(requireNamespace("psych", quietly = TRUE))) quit(status = 77)
suppressMessages(library(psych))
directory <- commandArgs(TRUE)[1]
put <- function(x, name) {
  text <- sapply(x, function(v) ifelse(is.na(v), "", formatC(as.numeric(v), digits = 17, format = "g", width = 1)))
  colnames(text) <- names(x)
  write.table(text, file.path(directory, name), sep = ",", quote = FALSE, row.names = FALSE)
}
set.seed(1128)
n <- 3000
items <- paste0(rep(c("A", "C", "E", "N", "O"), each = 5), 1:5)
X <- as.data.frame(matrix(sample(c(1:6, NA), 25 * n, TRUE, c(rep(.15, 6), .1)), n))
names(X) <- items
X[n, ] <- NA # nobody answered anything
X[n - 1, 1:5] <- NA
keys <- list(agree = c("-A1","A2","A3","A4","A5"), conscientious = c("C1","C2","C3","-C4","-C5"),
  extraversion = c("-E1","-E2","E3","E4","E5"), neuroticism = c("N1","N2","N3","N4","N5"),
  openness = c("O1","-O2","O3","O4","-O5"))
score <- function(totals) as.data.frame(suppressWarnings(
  scoreItems(keys, X, totals = totals, impute = "none", min = 1, max = 6))$scores)
means <- score(FALSE); totals <- score(TRUE)
names(means) <- paste0("mean.", names(means)); names(totals) <- paste0("sum.", names(totals))
put(X, "answers.csv")
put(cbind(means, totals), "expected.csv")
