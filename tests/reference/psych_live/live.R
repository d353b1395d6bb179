# Other data sets than those of the stored files, computed by R while the test runs.
# usage: Rscript live.R DIRECTORY      writes attitude.csv, men.csv, numbers.csv, rows.csv
# Quits with status 77 where the package psych is missing.
if (!suppressWarnings(requireNamespace("psych", quietly = TRUE))) quit(status = 77)
suppressMessages(library(psych))
directory <- commandArgs(TRUE)[1]
put <- function(x, name) {
  text <- sapply(x, function(v) ifelse(is.na(v), "", formatC(as.numeric(v), digits = 17, format = "g", width = 1)))
  if (is.null(dim(text))) text <- t(text)
  colnames(text) <- names(x)
  write.table(text, file.path(directory, name), sep = ",", quote = FALSE, row.names = FALSE)
}
numbers <- list()
say <- function(name, value) numbers[[name]] <<- value

# 1. attitude: 30 departments, 7 percentages, complete.
A <- attitude
put(A, "attitude.csv")
a <- suppressWarnings(psych::alpha(A, check.keys = FALSE, warnings = FALSE))
say("attitude_alpha", a$total$raw_alpha)
say("attitude_std", a$total$std.alpha)
say("attitude_g6", a$total[["G6(smc)"]])
for (i in 1:7) {
  say(paste0("attitude_drop", i), a$alpha.drop$raw_alpha[i])
  say(paste0("attitude_rest", i), a$item.stats$r.drop[i])
  say(paste0("attitude_total", i), a$item.stats$raw.r[i])
}
f <- factanal(A, 1, control = list(nstart = 3, opt = list(factr = 10)))
m <- suppressWarnings(psych::fa(A, 1, fm = "minres"))
for (i in 1:7) {
  say(paste0("attitude_ml", i), f$uniquenesses[i])
  say(paste0("attitude_minres", i), abs(m$loadings[i, 1]))
}
line <- lm(raises ~ complaints, A)
see <- predict(line, interval = "prediction", level = .95)
d <- data.frame(d2 = mahalanobis(A, colMeans(A), cov(A)))
d$p <- pchisq(d$d2, 7, lower.tail = FALSE)
d$irv <- apply(A, 1, sd)
d$total <- sapply(1:30, function(i) cor(unlist(A[i, ]), colMeans(A[-i, ])))
d$srb <- resid(line) / summary(line)$sigma
d$half_width <- (see[, "upr"] - see[, "fit"]) / qt(.975, 28)
put(d, "rows.csv")

# 2. Men of bfi over 40, conscientiousness, pairwise deletion.
M <- bfi[which(bfi$gender == 1 & bfi$age > 40), c("C1", "C2", "C3", "C4", "C5")]
M$C4 <- 7 - M$C4
M$C5 <- 7 - M$C5
put(M, "men.csv")
a <- suppressWarnings(psych::alpha(M, check.keys = FALSE, warnings = FALSE))
say("men_alpha", a$total$raw_alpha)
say("men_std", a$total$std.alpha)
say("men_g6", a$total[["G6(smc)"]])
say("men_rest1", a$item.stats$r.drop[1])
say("men_total1", a$item.stats$raw.r[1])
k <- alpha.ci(a$total$raw_alpha, n.obs = 100, n.var = 5, p.val = .05, digits = 15)
say("men_lo", k$lower.ci)
say("men_hi", k$upper.ci)
put(as.data.frame(numbers), "numbers.csv")
