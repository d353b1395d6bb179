# The indices of the R package careless, written out in base R, on the package's own data sets
# (which are simulated), and on one simulated here: eight scales, 300 attentive people, and one in
# ten who is not.
# usage: Rscript careless.R DATA.csv.xz|simulated ITEMS_PER_SCALE DIRECTORY
# writes answers.csv, rows.csv
arguments <- commandArgs(TRUE)
if (arguments[1] == "simulated") {
  set.seed(2811)
  trait <- matrix(rnorm(300 * 8), 300)[, rep(1:8, each = as.integer(arguments[2]))]
  X <- round(3 + 1.1 * trait + rnorm(length(trait), 0, .7))
  X[X < 1] <- 1; X[X > 5] <- 5
  for (i in seq(10, 300, 20)) X[i, ] <- sample(5, ncol(X), TRUE)
  for (i in seq(20, 300, 20)) X[i, ] <- rep(sample(5, 8, TRUE), each = as.integer(arguments[2]))
  colnames(X) <- paste0("i", seq_len(ncol(X)))
} else X <- as.matrix(read.csv(xzfile(arguments[1])))
per <- as.integer(arguments[2])
k <- ncol(X)
runs <- apply(X, 1, function(x) rle(unname(x))$lengths)
if (is.matrix(runs)) runs <- split(runs, col(runs))
scales <- split(seq_len(k), (seq_len(k) - 1) %/% per)
even_odd <- apply(X, 1, function(x) {
  odd <- sapply(scales, function(i) mean(x[i[seq(1, length(i), 2)]]))
  even <- sapply(scales, function(i) mean(x[i[seq(2, length(i), 2)]]))
  r <- suppressWarnings(cor(even, odd))
  max(-1, 2 * r / (1 + r))
})
d2 <- mahalanobis(X, colMeans(X), cov(X))
total <- sapply(seq_len(nrow(X)), function(i) suppressWarnings(cor(X[i, ], colMeans(X[-i, ]))))
C <- cor(X)
pairs <- which(upper.tri(C) & C > .6, arr.ind = TRUE)
pairs <- pairs[order(pairs[, 1], pairs[, 2]), , drop = FALSE]
synonyms <- apply(X, 1, function(x)
  if (nrow(pairs) < 3) NA else suppressWarnings(cor(x[pairs[, 1]], x[pairs[, 2]])))
rows <- data.frame(longest = sapply(runs, max), mean = sapply(runs, mean), irv = apply(X, 1, sd),
                   even_odd = even_odd, d2 = d2, p = pchisq(d2, k, lower.tail = FALSE), total = total,
                   synonyms = synonyms, n_pairs = nrow(pairs))
put <- function(x, name) {
  text <- apply(as.matrix(x), c(1, 2), function(v) if (is.na(v)) "" else formatC(v, digits = 17, format = "g", width = 1))
  write.table(text, file.path(arguments[3], name), sep = ",", quote = FALSE, row.names = FALSE)
}
put(X, "answers.csv")
put(rows, "rows.csv")
