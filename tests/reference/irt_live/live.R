# Traits under given parameters, on made-up models and answers with gaps.  Nothing here follows
# the library's way: likelihoods are products of differences of plogis, a sum's posterior adds up
# every single answer pattern, roots are those of derivatives that R takes of the formula as
# text, and the whole line is left to integrate().
# usage: Rscript live.R DIRECTORY      writes parameters.csv, patterns.csv, sums.csv
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "..", "live_r.R"))
directory <- commandArgs(TRUE)[1]
set.seed(20261128)
falling <- function(k) sort(rnorm(k, 0, 1.6) + .4 * (k:1), decreasing = TRUE)
models <- list(list(a = runif(9, .5, 2.6), d = lapply(rep(1, 9), falling)),
               list(a = runif(5, .6, 2.4), d = lapply(c(2, 4, 3, 4, 1), falling)))
W <- max(sapply(models, function(m) length(m$a)))
grid <- seq(-6, 6, length.out = 121)
weight <- dnorm(grid) / sum(dnorm(grid))

chance <- function(m, i, s, t) { cut <- function(k) if (k == 0) 1 else if (k > length(m$d[[i]])) 0 else plogis(m$a[i] * t + m$d[[i]][k])
  cut(s) - cut(s + 1) }
likelihood <- function(m, x, t) { l <- rep(1, length(t)); for (i in seq_along(m$a)) if (!is.na(x[i])) l <- l * chance(m, i, x[i], t); l }
# P, P' and P'' of one category at t, by D() of its text.
category <- function(m, i, s) { a <- m$a[i]; d <- m$d[[i]]
  cut <- function(k) if (k == 0) "1" else if (k > length(d)) "0" else sprintf("1/(1+exp(-(%.17g*t+%.17g)))", a, d[k])
  e <- parse(text = paste(cut(s), "-", cut(s + 1)))[[1]]; e1 <- D(e, "t"); list(e, e1, D(e1, "t")) }
table_of <- lapply(models, function(m) lapply(seq_along(m$a), function(i) lapply(0:length(m$d[[i]]), function(s) category(m, i, s))))
at <- function(e, t) eval(e, list(t = t))
slope <- function(k, x, t) sum(sapply(which(!is.na(x)), function(i) { c <- table_of[[k]][[i]][[x[i] + 1]]; at(c[[2]], t) / at(c[[1]], t) }))
information <- function(k, x, t) sum(sapply(which(!is.na(x)), function(i) sum(sapply(table_of[[k]][[i]], function(c) at(c[[2]], t)^2 / at(c[[1]], t)))))
warm <- function(k, x, t) sum(sapply(which(!is.na(x)), function(i) sum(sapply(table_of[[k]][[i]], function(c) at(c[[2]], t) * at(c[[3]], t) / at(c[[1]], t)))))
root <- function(f, w) uniroot(f, c(-w, w), tol = 1e-15, maxiter = 5000)$root
moments <- function(f) { line <- function(g) integrate(g, -Inf, Inf, rel.tol = 1e-12, subdivisions = 2000)$value
  all <- line(f); m <- line(function(t) t * f(t)) / all; c(m, sqrt(line(function(t) (t - m)^2 * f(t)) / all)) }
on_grid <- function(l) { p <- l * weight / sum(l * weight); m <- sum(p * grid); c(m, sqrt(sum(p * (grid - m)^2))) }

parameters <- NULL; patterns <- NULL; sums <- NULL
for (k in seq_along(models)) {
  m <- models[[k]]; n <- length(m$a); highest <- lengths(m$d)
  for (i in 1:n) parameters <- rbind(parameters, data.frame(model = k, item = i, step = 0:highest[i], value = c(m$a[i], m$d[[i]])))
  people <- t(sapply(1:110, function(r) { t <- rnorm(1, 0, 1.3); sapply(1:n, function(i) { p <- sapply(0:highest[i], function(s) chance(m, i, s, t))
    if (runif(1) < .15) NA else sample(0:highest[i], 1, prob = p) }) }))
  people <- rbind(people, rep(0, n), highest, c(NA, highest[-1]), c(0, rep(NA, n - 1)))
  for (r in seq_len(nrow(people))) { x <- people[r, ]
    if (all(is.na(x))) next
    eap <- on_grid(likelihood(m, x, grid))
    whole <- moments(function(t) likelihood(m, x, t) * dnorm(t))
    mode <- root(function(t) slope(k, x, t) - t, 7)
    # A single answer has a weighted likelihood without a maximum in reach: three are asked for.
    warm_t <- if (sum(!is.na(x)) < 3) NA else tryCatch(root(function(t) slope(k, x, t) + warm(k, x, t) / (2 * information(k, x, t)), 7), error = function(e) NA)
    extreme <- all(x == 0, na.rm = TRUE) || all(x == highest, na.rm = TRUE)
    ml <- if (extreme || sum(!is.na(x)) < 3) NA else tryCatch(root(function(t) slope(k, x, t), 9), error = function(e) NA)
    patterns <- rbind(patterns, c(k, c(x, rep(NA, W - n)), eap, whole, mode, 1 / sqrt(information(k, x, mode) + 1),
      warm_t, if (is.na(warm_t)) NA else 1 / sqrt(information(k, x, warm_t)), ml, if (is.na(ml)) NA else 1 / sqrt(information(k, x, ml)))) }
  every <- as.matrix(expand.grid(lapply(highest, function(h) 0:h)))
  total <- rowSums(every)
  L <- apply(every, 1, function(x) likelihood(m, x, grid))
  for (s in 0:sum(highest)) { l <- rowSums(L[, total == s, drop = FALSE]); of_sum <- every[total == s, , drop = FALSE]
    whole <- if (s %% 3 > 0) c(NA, NA) else moments(function(t) { v <- 0; for (r in seq_len(nrow(of_sum))) v <- v + likelihood(m, of_sum[r, ], t); v * dnorm(t) })
    sums <- rbind(sums, c(k, s, on_grid(l), sum(l * weight), whole)) }
}
colnames(patterns) <- c("model", paste0("i", 1:W), "eap", "eap_error", "whole", "whole_error", "map", "map_error", "wle", "wle_error", "ml", "ml_error")
colnames(sums) <- c("model", "sum", "theta", "error", "share", "whole", "whole_error")
put(parameters, directory, "parameters.csv")
put(as.data.frame(patterns), directory, "patterns.csv")
put(as.data.frame(sums), directory, "sums.csv")
