# Reliable change and reliability on made-up people with missing answers, and on R's own `sleep`,
# by base R.
# usage: Rscript live.R DIRECTORY      writes pairs.csv, groups.csv, answers.csv, items.csv,
#                                             scales.csv
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "..", "live_r.R"))
directory <- commandArgs(TRUE)[1]
set.seed(1128)

# 1. Change.  Made up: 240 children twice, 0 to 27 points, one in twelve answers missing.
trait <- rnorm(240); score <- function() { x <- round(9 + 5 * trait + rnorm(240, 0, 2.5)); x[runif(240) < .08] <- NA; pmin(27, pmax(0, x)) }
made <- data.frame(pre = score(), post = score() + 1)
sets <- list(made, data.frame(pre = round(10 * sleep$extra[1:10]), post = round(10 * sleep$extra[11:20])))
alphas <- c(.81, .6)
pairs <- NULL; groups <- NULL
for (i in seq_along(sets)) {
  s <- sets[[i]]; k <- s[complete.cases(s), ]; n <- nrow(k)
  m1 <- mean(k$pre); m2 <- mean(k$post); s1 <- sd(k$pre); s2 <- sd(k$post); r <- cor(k$pre, k$post); a <- alphas[i]
  line <- lm(post ~ pre, k); see <- summary(line)$sigma
  both <- s$post - s$pre
  all <- predict(line, data.frame(pre = s$pre), se.fit = TRUE)
  z <- data.frame(set = i, pre = s$pre, post = s$post,
    jt = both / (sqrt(2) * s1 * sqrt(1 - r)), jt_alpha = both / (sqrt(2) * s1 * sqrt(1 - a)),
    iverson = both / sqrt(s1^2 * (1 - r) + s2^2 * (1 - r)),
    chelune = (both - (m2 - m1)) / (sqrt(2) * s1 * sqrt(1 - r)), differences = (both - (m2 - m1)) / sd(k$post - k$pre),
    en = (s$post - (m1 + r * (s$pre - m1))) / (s1 * sqrt(1 - r)),
    srb = (s$post - all$fit) / see, simple = (s$post - (m2 + r * s2 / s1 * (s$pre - m1))) / (s2 * sqrt(1 - r^2)),
    howell = (s$post - all$fit) / sqrt(see^2 + all$se.fit^2))
  # Smallest and largest whole second score that is reliable, by trying one after the other.
  tried <- function(pre, by, rise) { q <- seq(pre - 200, pre + 200); z <- by(q); if (rise) min(q[z >= 1.96]) else max(q[z <= -1.96]) }
  for (rise in c(TRUE, FALSE)) {
    side <- if (rise) "high" else "low"
    z[[paste0("jt_", side)]] <- sapply(s$pre, function(p) if (is.na(p)) NA else tried(p, function(q) (q - p) / (sqrt(2) * s1 * sqrt(1 - r)), rise))
    z[[paste0("srb_", side)]] <- sapply(s$pre, function(p) if (is.na(p)) NA else tried(p, function(q) (q - predict(line, data.frame(pre = p))) / see, rise))
  }
  ill <- c(m1 + s1, s1); well <- c(m1 - s1, s2)
  cut <- c(ill[1] - 2 * ill[2], well[1] + 2 * well[2], (well[2] * ill[1] + ill[2] * well[1]) / (well[2] + ill[2]))
  z$class <- ifelse(is.na(z$jt), 0, ifelse(z$jt >= 1.96, 4, ifelse(z$jt > -1.96, 3, ifelse(s$pre > cut[3] & s$post <= cut[3], 1, 2))))
  pairs <- rbind(pairs, z)
  groups <- rbind(groups, data.frame(set = i, n, m1, m2, s1, s2, r, alpha = a, sdd = sd(k$post - k$pre), b0 = coef(line)[1], b1 = coef(line)[2],
    see, ill_mean = ill[1], ill_sd = ill[2], well_mean = well[1], well_sd = well[2], a = cut[1], b = cut[2], c = cut[3]))
}
put(pairs, directory, "pairs.csv")
put(groups, directory, "groups.csv")

# 2. Reliability.  Made up: 300 children, six items of 0 to 3 of one factor, some not answered;
# and 120 with five items of finer scores, all answered.
g <- rnorm(300); l <- c(.9, .8, .7, .6, .5, .8)
A <- as.data.frame(sapply(l, function(v) pmin(3, pmax(0, round(1.2 + v * g + rnorm(300, 0, .8))))))
A[matrix(runif(1800) < .04, 300)] <- NA
B <- as.data.frame(sapply(c(1, .9, 1.1, .7, .8), function(v) 3 * v * g[1:120] + rnorm(120)))
names(A) <- paste0("v", 1:6); names(B) <- paste0("v", 1:5)
# One factor: the discrepancy minimised by hand, from several starts, then by Newton's own steps.
ml <- function(S) { k <- ncol(S); f <- function(p) { u <- exp(p[k + 1:k]); C <- tcrossprod(p[1:k]) + diag(u); log(det(C)) + sum(solve(C) * S) }
  p <- c(sqrt(diag(S) / 2), log(diag(S) / 2))
  for (i in 1:6) p <- nlm(f, p, gradtol = 1e-12, steptol = 1e-14, iterlim = 2000)$estimate
  list(l = p[1:k] * sign(sum(p[1:k])), u = exp(p[k + 1:k])) }
minres <- function(S) { R <- cov2cor(S); k <- ncol(R); l <- rep(.7, k)
  for (i in 1:50000) { old <- l; for (j in 1:k) l[j] <- sum(R[j, -j] * l[-j]) / sum(l[-j]^2); if (max(abs(l - old)) < 1e-15) break }
  l * sqrt(diag(S)) }
alpha <- function(S) { k <- ncol(S); k / (k - 1) * (1 - sum(diag(S)) / sum(S)) }
items <- NULL; scales <- NULL; columns <- NULL
for (i in 1:2) { X <- list(A, B)[[i]]
  columns <- rbind(columns, if (i == 1) cbind(set = i, X) else cbind(set = i, X, v6 = NA))
  for (pairwise in c(FALSE, TRUE)) {
    k <- ncol(X); S <- cov(X, use = if (pairwise) "pairwise" else "complete"); n <- if (pairwise) min(crossprod(!is.na(as.matrix(X)))) else sum(complete.cases(X))
    R <- if (pairwise) cor(X, use = "pairwise") else cov2cor(S); D <- cov2cor(S); rbar <- mean(R[lower.tri(R)])
    odd <- seq(1, k, 2); even <- seq(2, k, 2); co <- sum(S[odd, even]); vo <- sum(S[odd, odd]); ve <- sum(S[even, even]); rh <- co / sqrt(vo * ve)
    p <- length(odd) / k; q <- 1 - p; a <- alpha(S); f <- qf(c(.975, .025), n - 1, (n - 1) * (k - 1))
    one <- ml(S); two <- minres(S); V <- diag(S) - two^2
    scales <- rbind(scales, data.frame(set = i, pairwise, k, n, alpha = a, lo = 1 - (1 - a) * f[1], hi = 1 - (1 - a) * f[2],
      std = k * rbar / (1 + (k - 1) * rbar), lambda6 = 1 - sum(1 / diag(solve(D))) / sum(D), halves = rh, brown = 2 * rh / (1 + rh),
      horst = (-rh^2 + sqrt(rh^4 + 4 * p * q * rh^2 * (1 - rh^2))) / (2 * p * q * (1 - rh^2)), rulon = 4 * co / sum(S), sd = sqrt(sum(S)), sem = sqrt(sum(S) * (1 - a)),
      omega_ml = sum(one$l)^2 / (sum(one$l)^2 + sum(one$u)), omega_minres = sum(two)^2 / (sum(two)^2 + sum(V)), omega_observed = sum(one$l)^2 / sum(S)))
    items <- rbind(items, data.frame(set = i, pairwise, item = 1:k, dropped = sapply(1:k, function(j) alpha(S[-j, -j])),
      rest = sapply(1:k, function(j) sum(S[j, -j]) / sqrt(S[j, j] * sum(S[-j, -j]))), ml = one$l, unique = one$u, minres = two))
  } }
put(columns, directory, "answers.csv")
put(items, directory, "items.csv")
put(scales, directory, "scales.csv")
