# Validity indices on made-up answers with gaps, by base R: two sets, each with attentive people,
# some who answer at random, in a line, in a pattern, nothing, or a copy of a neighbour.
# usage: Rscript live.R DIRECTORY    writes answers.csv, rows.csv, model.csv, facts.csv
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "..", "live_r.R"))
directory <- commandArgs(TRUE)[1]
set.seed(77)
quiet <- suppressWarnings
cut_of <- function(a, d, s, t) if (s == 0) 1 else if (s > length(d)) 0 else plogis(a * t + d[s])
P <- function(a, d, s, t) cut_of(a, d, s, t) - cut_of(a, d, s + 1, t)
# l_z and l*_z after Snijders (2001), category by category: w = log P, r = P'/P, theta at the
# posterior mode, where sum r - theta = 0, so that r0 = -theta.
lz_of <- function(x, a, d) {
  if (any(is.na(x))) return(c(NA, NA, NA))
  th <- seq(-6, 6, length.out = 121); l <- dnorm(th); for (i in seq_along(a)) l <- l * P(a[i], d[[i]], x[i], th)
  slope <- function(i, s, t) { q <- function(k) { c <- cut_of(a[i], d[[i]], k, t); a[i] * c * (1 - c) }; (if (s == 0) 0 else q(s)) - (if (s == length(d[[i]])) 0 else q(s + 1)) }
  sums <- function(t) { m <- c(l = 0, e = 0, v = 0, wp = 0, rp = 0, tau = 0)
    cells <- lapply(seq_along(a), function(i) { s <- 0:length(d[[i]]); p <- sapply(s, function(k) P(a[i], d[[i]], k, t)); g <- sapply(s, function(k) slope(i, k, t)); list(p = p, g = g) })
    m["l"] <- sum(sapply(seq_along(a), function(i) log(cells[[i]]$p[x[i] + 1])))
    m["e"] <- sum(sapply(cells, function(c) sum(c$p * log(c$p)))); m["v"] <- sum(sapply(cells, function(c) sum(c$p * log(c$p)^2) - sum(c$p * log(c$p))^2))
    m["wp"] <- sum(sapply(cells, function(c) sum(c$g * log(c$p)))); m["rp"] <- sum(sapply(cells, function(c) sum(c$g^2 / c$p)))
    k <- m["wp"] / m["rp"]
    m["tau"] <- sum(sapply(cells, function(c) { w <- log(c$p) - k * c$g / c$p; sum(c$p * w^2) - sum(c$p * w)^2 })); m }
  eap <- sum(th * l) / sum(l); m <- sums(eap)
  mode <- uniroot(function(t) sum(sapply(seq_along(a), function(i) slope(i, x[i], t) / P(a[i], d[[i]], x[i], t))) - t, c(-6, 6), tol = 1e-15)$root
  s <- sums(mode); c(eap, (m["l"] - m["e"]) / sqrt(m["v"]), (s["l"] - s["e"] - s["wp"] / s["rp"] * mode) / sqrt(s["tau"])) }

answers <- NULL; rows <- NULL; model <- NULL; facts <- NULL
for (set in 1:2) {
  k <- c(24, 20)[set]; most <- c(4, 1)[set]; n <- c(260, 180)[set]
  scale <- if (set == 1) rep(1:6, each = 4) else rep(1:5, 4)
  a <- runif(k, .7, 2.2); d <- lapply(1:k, function(i) sort(rnorm(most, 0, 1.2) + (if (most > 1) .5 * (most:1) else 0), decreasing = TRUE))
  trait <- rnorm(n)
  X <- t(sapply(trait, function(t) sapply(1:k, function(i) sample(0:most, 1, prob = sapply(0:most, function(s) P(a[i], d[[i]], s, t))))))
  turned <- seq(3, k, 5); X[, turned] <- most - X[, turned]      # as given: some items are reversed
  X[, 2] <- ifelse(runif(n) < .8, X[, 1], X[, 2]); X[, 7] <- ifelse(runif(n) < .8, X[, 6], X[, 7]); X[, 12] <- ifelse(runif(n) < .8, X[, 11], X[, 12])
  X[, 4] <- ifelse(runif(n) < .75, most - X[, 5], X[, 4]); X[, 9] <- ifelse(runif(n) < .75, most - X[, 10], X[, 9]); X[, 15] <- ifelse(runif(n) < .75, most - X[, 16], X[, 15])
  for (i in seq(10, n, 20)) X[i, ] <- sample(0:most, k, TRUE)
  for (i in seq(15, n, 40)) X[i, ] <- sample(0:most, 1)
  for (i in seq(35, n, 40)) X[i, ] <- rep(sample(0:most), length.out = k)
  for (i in seq(25, n, 40)) X[i, ] <- X[i - 1, ]
  gaps <- sample(n, n %/% 4); for (i in gaps) X[i, sample(k, sample(1:5, 1))] <- NA
  X[n, ] <- NA; X[n - 1, -1] <- NA; X[n - 2, seq(1, k, 2)] <- NA
  S <- X; S[, turned] <- most - S[, turned]
  cc <- complete.cases(X); class <- (seq_len(n) - 1) %/% 20
  runs <- apply(X, 1, function(x) rle(ifelse(is.na(x), -seq_along(x), x))$lengths, simplify = FALSE)   # a gap is a run of 1
  ended <- apply(X, 1, function(x) { r <- rle(ifelse(is.na(x), -1, x)); r$lengths[r$values >= 0] }, simplify = FALSE)
  over <- apply(X, 1, function(x) rle(x[!is.na(x)])$lengths, simplify = FALSE)
  top <- function(r) sapply(r, function(v) if (length(v)) max(v) else 0)
  # Patterns: a stretch in which every answer equals the one p before, not all the same.
  pattern <- t(apply(X, 1, function(x) { best <- c(0, 0)
    for (p in 2:5) for (from in seq_len(k)) for (to in rev(seq_len(k))) { m <- to - from + 1; if (m < 2 * p || m <= best[1]) break
      y <- x[from:to]; if (any(is.na(y)) || length(unique(y)) == 1) next
      if (all(y[-seq_len(p)] == y[seq_len(m - p)])) { best <- c(m, p); break } }
    best }))
  halves <- apply(S, 1, function(x) { h <- sapply(unique(scale), function(f) { i <- which(scale == f); c(mean(x[i[seq(1, length(i), 2)]], na.rm = TRUE), mean(x[i[seq(2, length(i), 2)]], na.rm = TRUE)) })
    ok <- !is.nan(h[1, ]) & !is.nan(h[2, ]); if (sum(ok) < 3) return(NA); r <- quiet(cor(h[1, ok], h[2, ok])); max(-1, 2 * r / (1 + r)) })
  d2 <- rep(NA, n); d2[cc] <- mahalanobis(X[cc, ], colMeans(X[cc, ]), cov(X[cc, ]))
  C <- quiet(cor(X, use = "pairwise")); pairs <- function(w) { w <- which(w, arr.ind = TRUE); w <- w[w[, 1] < w[, 2], , drop = FALSE]; w[order(w[, 1], w[, 2]), , drop = FALSE] }
  along <- function(w) apply(X, 1, function(x) { ok <- !is.na(x[w[, 1]]) & !is.na(x[w[, 2]]); if (sum(ok) < 3) NA else quiet(cor(x[w[ok, 1]], x[w[ok, 2]])) })
  syn <- pairs(C > .5); ant <- pairs(C < -.45)
  total <- sapply(seq_len(n), function(i) if (!cc[i]) NA else quiet(cor(X[i, ], colMeans(X[cc & seq_len(n) != i, ]))))
  # Guttman errors and U3 over item steps; U3's least likely pattern of a total by trying all that one item after the other can add.
  step <- expand.grid(s = 1:most, i = 1:k); step$n <- mapply(function(i, s) sum(S[cc, i] >= s), step$i, step$s)
  o <- step[order(-step$n, step$i, step$s), ]; live <- step$n > 0 & step$n < sum(cc); w <- ifelse(live, qlogis(pmin(1, pmax(0, step$n / sum(cc)))), 0)
  guttman <- apply(S, 1, function(x) { if (any(is.na(x))) return(0); t <- x[o$i] >= o$s; e <- 0; for (b in which(t)) e <- e + sum(!t[seq_len(b)]); e })
  most_of <- cumsum(c(0, sort(w[live], decreasing = TRUE)))
  least <- c(0, rep(Inf, sum(live))); for (i in 1:k) { wi <- cumsum(c(0, w[step$i == i & live])); new <- rep(Inf, length(least))
    for (t in seq_along(least)) for (j in seq_along(wi)) if (t - j + 1 >= 1) new[t] <- min(new[t], least[t - j + 1] + wi[j]); least <- new }
  u3 <- apply(S, 1, function(x) { if (any(is.na(x))) return(NA); t <- x[step$i] >= step$s & live; m <- sum(t); span <- most_of[m + 1] - least[m + 1]
    if (span < 1e-9) NA else (most_of[m + 1] - sum(w[t])) / span })
  fit <- t(apply(S, 1, lz_of, a = a, d = d))
  twin <- sapply(seq_len(n), function(i) { x <- X[i, ]; if (length(unique(x[!is.na(x)])) < 2) return(NA)
    same <- sapply(which(class == class[i] & seq_len(n) != i), function(j) { y <- X[j, ]; ok <- !is.na(x) & !is.na(y); if (sum(ok) < k / 2 || length(unique(y[!is.na(y)])) < 2) NA else mean(x[ok] == y[ok]) })
    if (all(is.na(same))) NA else max(same, na.rm = TRUE) })
  seconds <- round(exp(rnorm(n, 3.6, .5)) * k / 10, 2); seconds[seq(7, n, 31)] <- NA
  at <- sort(sample(5000, n, TRUE)); at[seq(9, n, 50)] <- NA
  burst <- sapply(seq_len(n), function(i) if (is.na(at[i])) 0 else { mine <- at[class == class[i] & !is.na(at)]; starts <- mine[mine <= at[i] & mine + 60 >= at[i]]; max(sapply(starts, function(s) sum(mine >= s & mine <= s + 60))) })
  rows <- rbind(rows, data.frame(set, class, seconds, at, longest_ended = top(ended), mean_ended = sapply(ended, function(v) if (length(v)) mean(v) else NA),
    longest = top(runs), mean = sapply(runs, mean), longest_over = top(over), pattern = pattern[, 1], period = pattern[, 2],
    irv = apply(X, 1, function(x) if (sum(!is.na(x)) < 2) NA else sd(x, na.rm = TRUE)), halves, d2, p = pchisq(d2, k, lower.tail = FALSE), syn = along(syn), ant = along(ant), total,
    guttman, u3, eap = fit[, 1], lz = fit[, 2], lz_star = fit[, 3], answered = rowSums(!is.na(X)), lowest = rowSums(S == 0, na.rm = TRUE), highest = rowSums(S == most, na.rm = TRUE), twin,
    per_item = seconds / k, relative = median(seconds, na.rm = TRUE) / seconds, burst))
  answers <- rbind(answers, cbind(X, matrix(NA, n, 24 - k)))
  for (i in 1:k) model <- rbind(model, data.frame(set, item = i, scale = scale[i], turned = i %in% turned, step = 0:most, value = c(a[i], d[[i]])))
  facts <- rbind(facts, data.frame(set, items = k, rows = n, most, complete = sum(cc), synonyms = nrow(syn), antonyms = nrow(ant)))
}
answers <- as.data.frame(answers); names(answers) <- paste0("i", 1:24)
put(answers, directory, "answers.csv"); put(rows, directory, "rows.csv"); put(model, directory, "model.csv"); put(facts, directory, "facts.csv")
