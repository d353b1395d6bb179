# Norms of other data sets than those of the stored files, computed by base R while the test runs.
# usage: Rscript live.R DIRECTORY [ELFE]     ELFE: elfe.csv of cNORM, where it is at hand
arguments <- commandArgs(TRUE)
directory <- arguments[1]
put <- function(x, name) {
  text <- sapply(x, function(v) ifelse(is.na(v), "", formatC(as.numeric(v), digits = 17, format = "g", width = 1)))
  if (is.null(dim(text))) text <- t(text)
  colnames(text) <- names(x)
  write.table(text, file.path(directory, name), sep = ",", quote = FALSE, row.names = FALSE)
}

# 1. Conventions: chicks by diet, fibre of warp breaks by tension, earthquakes by magnitude, (elfe by grade).
sets <- list(data.frame(group = as.integer(ChickWeight$Diet), raw = ChickWeight$weight),
             data.frame(group = as.integer(warpbreaks$tension), raw = warpbreaks$breaks),
             data.frame(group = cut(quakes$mag, c(0, 4.5, 5, 9), labels = FALSE), raw = quakes$stations))
if (length(arguments) > 1) {
  elfe <- read.csv(arguments[2])
  sets[[4]] <- data.frame(group = elfe$group, raw = elfe$raw)
}
people <- do.call(rbind, lapply(seq_along(sets), function(i) cbind(set = i, sets[[i]])))
put(people, "people.csv")
scores <- NULL
for (i in seq_along(sets)) for (g in sort(unique(sets[[i]]$group))) {
  x <- sets[[i]]$raw[sets[[i]]$group == g]
  n <- length(x); u <- sort(unique(x)); z <- (u - mean(x)) / sd(x)
  ties <- rank(x, ties.method = "average")[match(u, x)]
  share <- ecdf(x)(u) - sapply(u, function(v) mean(x == v)) / 2
  scores <- rbind(scores, data.frame(set = i, group = g, raw = u, z = z, percentile = 100 * share,
    stanine = pmin(9, pmax(1, floor(2 * z + 5.5))), sten = pmin(10, pmax(1, floor(2 * z + 6))),
    blom = qnorm((ties - 3/8) / (n + 1/4)), tukey = qnorm((ties - 1/3) / (n + 1/3)),
    waerden = qnorm(ties / (n + 1)), rankit = qnorm((ties - 1/2) / n)))
}
put(scores, "scores.csv")

# 2. Shrinkage: the chicks' weight by day; tau^2 of REML is where its likelihood has its maximum.
cells <- aggregate(weight ~ Time, ChickWeight, function(x) c(mean(x), var(x) / length(x)))$weight
y <- cells[, 1]; v <- cells[, 2]
restricted <- function(t2) { w <- 1 / (v + t2); m <- sum(w * y) / sum(w)
  -(sum(log(v + t2)) + log(sum(w)) + sum(w * (y - m)^2)) / 2 }
reml <- optimize(restricted, c(0, 1e5), maximum = TRUE, tol = 1e-10)$maximum
w <- 1 / v; q <- sum(w * (y - sum(w * y) / sum(w))^2)
dl <- max(0, (q - (length(y) - 1)) / (sum(w) - sum(w^2) / sum(w)))
put(data.frame(mean = y, v = v, reml = reml, at = restricted(reml), dl = dl, q = q), "shrinkage.csv")

# 3. LMS of rivers' lengths: the Box-Cox profile; then z and back.
x <- rivers
profile <- function(L) { y <- if (abs(L) < 1e-12) log(x) else (x^L - 1) / L
  -length(x) / 2 * log(mean((y - mean(y))^2)) + (L - 1) * sum(log(x)) }
L <- optimize(profile, c(-3, 3), maximum = TRUE, tol = 1e-12)$maximum
put(data.frame(raw = x, L = L, profile = profile(L) - length(x) / 2 * (1 + log(2 * pi))), "rivers.csv")

# 4. IRT: six items of two to five scores; EAP by adaptive integration over the whole line.
set.seed(26)
items <- list(); for (i in 1:6) { k <- c(1, 1, 2, 3, 4, 4)[i]
  items[[i]] <- list(a = runif(1, .6, 2.5), d = sort(rnorm(k, 0, 1.5) + (k:1) * .3, decreasing = TRUE)) }
parameters <- do.call(rbind, lapply(1:6, function(i)
  data.frame(item = i, step = 0:length(items[[i]]$d), value = c(items[[i]]$a, items[[i]]$d))))
put(parameters, "parameters.csv")
chance <- function(i, s, th) { cut <- function(k) if (k == 0) 1 else if (k > length(items[[i]]$d)) 0 else plogis(items[[i]]$a * th + items[[i]]$d[k])
  cut(s) - cut(s + 1) }
patterns <- NULL
for (r in 1:40) { p <- sapply(1:6, function(i) sample(c(0:length(items[[i]]$d), NA), 1))
  if (all(is.na(p))) next
  like <- function(th) sapply(th, function(t) { l <- dnorm(t); for (i in 1:6) if (!is.na(p[i])) l <- l * chance(i, p[i], t); l })
  all <- integrate(like, -Inf, Inf, rel.tol = 1e-12)$value
  m <- integrate(function(t) t * like(t), -Inf, Inf, rel.tol = 1e-11)$value / all
  s <- sqrt(integrate(function(t) (t - m)^2 * like(t), -Inf, Inf, rel.tol = 1e-11)$value / all)
  patterns <- rbind(patterns, c(p, m, s)) }
colnames(patterns) <- c(paste0("i", 1:6), "eap", "error")
put(as.data.frame(patterns), "patterns.csv")
