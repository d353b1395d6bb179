# Shrinkage by metafor on data sets that are not in this folder: some of R itself, and made-up
# groups of very different sizes.
# usage: Rscript live.R DIRECTORY      writes groups.csv, sets.csv; status 77 without metafor
if (!suppressWarnings(requireNamespace("metafor", quietly = TRUE))) quit(status = 77)
suppressMessages(library(metafor))
directory <- commandArgs(TRUE)[1]
put <- function(x, name) {
  text <- sapply(x, function(v) ifelse(is.na(v), "", formatC(as.numeric(v), digits = 17, format = "g", width = 1)))
  colnames(text) <- names(x)
  write.table(text, file.path(directory, name), sep = ",", quote = FALSE, row.names = FALSE)
}
sets <- list()
# Groups of R's own data: chicks by diet and day, beavers' hours, warp breaks.
cells <- aggregate(weight ~ Diet + Time, ChickWeight, function(x) c(mean(x), var(x) / length(x)))$weight
sets <- c(sets, list(data.frame(y = cells[, 1], v = cells[, 2])))
cells <- aggregate(breaks ~ wool + tension, warpbreaks, function(x) c(mean(x), var(x) / length(x)))$breaks
sets <- c(sets, list(data.frame(y = cells[, 1], v = cells[, 2])))
set.seed(20261128)
for (spread in c(0, .4, 3, 40)) { # no variance between groups at all, to nearly nothing else
  n <- sample(c(5, 12, 30, 99, 400, 2500), 24, TRUE)
  sets <- c(sets, list(data.frame(y = 20 + spread * rnorm(24) + rnorm(24, 0, 5 / sqrt(n)), v = 25 * rchisq(24, n - 1) / (n - 1) / n)))
}
groups <- NULL; summary <- NULL
for (i in seq_along(sets)) for (method in c("REML", "DL")) {
  s <- sets[[i]]
  for (threshold in 10^(-14:-9)) { # as near as it converges
    r <- tryCatch(rma(yi = s$y, vi = s$v, method = method,
                      control = list(threshold = threshold, maxiter = 5000)), error = function(e) NULL)
    if (!is.null(r)) break
  }
  b <- blup(r)
  groups <- rbind(groups, data.frame(set = i, dl = method == "DL", y = s$y, v = s$v,
    lambda = r$tau2 / (r$tau2 + s$v), blup = as.vector(b$pred), error = as.vector(b$se)))
  summary <- rbind(summary, data.frame(set = i, dl = method == "DL", n = nrow(s), tau2 = r$tau2, mu = as.vector(r$beta), q = r$QE))
}
put(groups, "groups.csv")
put(summary, "sets.csv")
