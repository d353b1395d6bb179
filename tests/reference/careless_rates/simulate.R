# Respondents who do not exist: attentive ones with the polychoric correlations and thresholds of
# 2,436 real sheets (psychTools' bfi, 25 items of 1 to 6), and five kinds who do not read.
# The draws are those behind expected.csv (seed 2026, in this order), so that its rates come out to
# the last digit; the indices themselves are the library's.
# usage: Rscript simulate.R INPUT.csv DIRECTORY; writes answers.bin (a byte an answer, row by row,
# the kinds in the order of expected.csv), pairs.csv
arguments <- commandArgs(TRUE)
if (!suppressWarnings(requireNamespace("psych", quietly = TRUE) &&
                      requireNamespace("MASS", quietly = TRUE))) quit(status = 77)
set.seed(2026)
bfi <- read.csv(arguments[1])
D <- bfi[complete.cases(bfi) & bfi$id < 910001, -1]
stopifnot(dim(D) == c(2436, 25))
model <- suppressWarnings(suppressMessages(psych::polychoric(D)))
n <- 20000
m <- 5000
Z <- MASS::mvrnorm(n, rep(0, 25), psych::cor.smooth(model$rho))
attentive <- sapply(1:25, function(j) findInterval(Z[, j], model$tau[j, ]) + 1)
random <- matrix(sample(6, m * 25, TRUE), m)
straight <- matrix(rep(sample(6, m, TRUE), 25), m)
runs <- matrix(t(sapply(1:m, function(i) rep(sample(6, 5, TRUE), each = 5))), m)
half <- attentive[sample(n, m), ]
half[, 14:25] <- sample(6, m * 12, TRUE)
middle <- matrix(sample(3:4, m * 25, TRUE), m)
X <- rbind(attentive, random, straight, runs, half, middle)
writeBin(as.integer(t(X)), file.path(arguments[2], "answers.bin"), size = 1)
R <- cor(attentive)
write.table(which(lower.tri(R) & R > .5, arr.ind = TRUE) - 1, file.path(arguments[2], "pairs.csv"),
            sep = ",", quote = FALSE, row.names = FALSE)
