# The indices of careless answering as R users compute them, on the very sheets of bench_validity:
# equality first, then the time.  usage: Rscript validity_peers.R BENCH_VALIDITY DIRECTORY
# With the package careless its functions, otherwise the same formulas in base R; psych's outlier()
# where psych is installed.
arguments <- commandArgs(TRUE)
dir.create(arguments[2], recursive = TRUE, showWarnings = FALSE)
said <- system2(arguments[1], arguments[2], stdout = TRUE)
if (!is.null(attr(said, "status"))) { writeLines(said); quit(status = 1) }
milliseconds <- function(name) {
  line <- grep(paste0("^", name, " "), said, value = TRUE)[1]
  as.numeric(sub(".*cpu +([0-9.]+) ms.*", "\\1", line))
}
rows <- 60000; items <- 116
file <- function(name) file.path(arguments[2], paste0(name, ".bin"))
X <- matrix(readBin(file("answers"), "integer", rows * items, size = 1), rows, items)
X[X < 0] <- NA
ours <- function(name) readBin(file(name), "double", rows)
have <- function(package) suppressWarnings(requireNamespace(package, quietly = TRUE))
careless <- have("careless")
complete <- complete.cases(X)
wrong <- FALSE
compare <- function(name, who, step, expression, values, subset = rep(TRUE, rows)) {
  took <- system.time(r <- expression(), gcFirst = TRUE)
  d <- max(abs(r[subset] - values[subset]))
  if (!(d <= 1e-9)) { wrong <<- TRUE; cat("WRONG: ", name, " differs by ", d, "\n", sep = "") }
  cpu <- took[["user.self"]] + took[["sys.self"]]
  cat(sprintf("%-14s %-28s %8.2f s cpu, %6.0f times ours  (largest difference %.1g)\n", name, who,
              cpu, 1000 * cpu / milliseconds(step), d))
}
cat(if (careless) "R with careless " else "R without the package careless: base R instead; ",
    R.version.string, "\n", sep = "")
# R's rle makes every blank a run of its own: compared over complete sheets.
runs <- function() apply(X, 1, function(x) max(rle(x)$lengths))
if (careless) runs <- function() careless::longstring(X)
compare("longest run", if (careless) "careless::longstring" else "base R, rle", "runs", runs,
        ours("longstring"), complete)
compare("IRV", if (careless) "careless::irv" else "base R, apply(sd)", "irv",
        if (careless) function() careless::irv(X, na.rm = TRUE)
        else function() apply(X, 1, sd, na.rm = TRUE), ours("irv"))
C <- X[complete, ]
whole <- function(v) { out <- rep(NA_real_, rows); out[complete] <- v; out }
compare("Mahalanobis", "base R, mahalanobis", "mahalanobis",
        function() whole(mahalanobis(C, colMeans(C), cov(C))), ours("mahalanobis"), complete)
if (have("psych"))
  compare("Mahalanobis", "psych::outlier", "mahalanobis",
          function() whole(suppressWarnings(psych::outlier(C, plot = FALSE))), ours("mahalanobis"),
          complete)
if (careless)
  compare("Mahalanobis", "careless::mahad", "mahalanobis",
          function() whole(careless::mahad(C, plot = FALSE)), ours("mahalanobis"), complete)
compare("person-total", "base R, cor a row", "person-total", function() {
  s <- colSums(C); n <- nrow(C)
  whole(apply(C, 1, function(x) cor(x, (s - x) / (n - 1)))) }, ours("person_total"), complete)
unlink(file(c("answers", "longstring", "average", "irv", "mahalanobis", "person_total")))
quit(status = as.integer(wrong))
