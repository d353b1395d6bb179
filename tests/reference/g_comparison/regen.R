# g. shares and schools. Simulated, fixed seed. Base R 4.2.2: qbinom, pbinom, prop.test (Wilson), aov, quantile.
# Run `Rscript regen.R` in this folder: input.csv, expected.csv, clustering.csv, wilson.csv.
wcsv <- function(d, f) { for (c in names(d)) if (is.numeric(d[[c]])) d[[c]] <- sprintf("%.17g", d[[c]]); write.table(d, f, sep = ",", quote = FALSE, row.names = FALSE) }
set.seed(20261127)
S <- 40
n <- c(3, 11, round(exp(rnorm(S - 2, 5.2, .8))))
theta <- plogis(qlogis(.13) + rnorm(S, 0, .35))
e <- n * plogis(qlogis(.13) + runif(S, -.15, .15))             # expected of their own pupils
o <- rbinom(S, n, theta)
wcsv(data.frame(observed = o, people = n, expected = e), "input.csv")
target <- sum(o) / sum(n)
limit <- function(p) {                                          # Spiegelhalter (2005), interpolated
  r <- qbinom(p, n, e / n); up <- pbinom(r, n, e / n); r - (up - p) / dbinom(r, n, e / n) }
out <- data.frame(rate = o / e * target)
for (p in c(.025, .001)) { out[[paste0("exact_low_", p)]] <- pmax(0, limit(p)) * target / e
  out[[paste0("exact_high_", p)]] <- limit(1 - p) * target / e }
summ <- NULL
for (scale in c("plain", "arcsine")) {
  f <- if (scale == "plain") identity else function(x) asin(sqrt(x))
  g <- if (scale == "plain") function(x) pmin(1, pmax(0, x)) else function(x) sin(pmin(pi / 2, pmax(0, x)))^2
  y <- f(o / n); t0 <- f(e / n); s <- if (scale == "plain") sqrt(e / n * (1 - e / n) / n) else 1 / (2 * sqrt(n))
  z <- (y - t0) / s; q <- quantile(z, c(.1, .9), type = 7); zw <- pmin(pmax(z, q[1]), q[2])
  phi <- mean(zw^2); w <- 1 / s^2; tau <- sqrt(max(0, (S * phi - (S - 1)) / (sum(w) - sum(w^2) / sum(w))))
  out[[paste0("z_", scale)]] <- z; out[[paste0("z_adjusted_", scale)]] <- (y - t0) / sqrt(s^2 + tau^2)
  for (p in c(.025, .001)) { h <- qnorm(1 - p) * sqrt(s^2 + tau^2)
    out[[paste0("low_", scale, "_", p)]] <- g(t0 - h) * n * target / e; out[[paste0("high_", scale, "_", p)]] <- g(t0 + h) * n * target / e }
  summ <- rbind(summ, data.frame(scale = scale, target = target, phi = phi, tau = tau)) }
wcsv(out, "expected.csv"); wcsv(summ, "summary.csv")
# ICC by aov on the pupils themselves
y <- unlist(mapply(function(k, m) rep(c(1, 0), c(k, m - k)), o, n)); school <- factor(rep(seq_len(S), n))
a <- summary(aov(y ~ school))[[1]]; n0 <- (sum(n) - sum(n^2) / sum(n)) / (S - 1)
icc <- (a[1, 3] - a[2, 3]) / (a[1, 3] + (n0 - 1) * a[2, 3]); deff <- 1 + (sum(n^2) / sum(n) - 1) * icc
ne <- sum(n) / deff; zz <- qnorm(.975); p <- mean(y); m <- (p + zz^2 / (2 * ne)) / (1 + zz^2 / ne)
h <- zz * sqrt(p * (1 - p) / ne + zz^2 / (4 * ne^2)) / (1 + zz^2 / ne)
wcsv(data.frame(people = sum(n), share = p, icc = icc, design_effect = deff, effective = ne, low = m - h, high = m + h), "clustering.csv")
w <- expand.grid(k = c(0, 1, 5, 17, 29, 30), n = c(30, 263, 6000), level = c(.9, .95, .998))
ci <- t(mapply(function(k, n, l) suppressWarnings(prop.test(k, n, conf.level = l, correct = FALSE)$conf.int), w$k, w$n, w$level))
wcsv(data.frame(w, low = ci[, 1], high = ci[, 2]), "wilson.csv")
