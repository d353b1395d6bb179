# Norms on made-up children with missing scores, by base R: counts of three districts that are
# merged, LMS both ways, regression norms fitted here, intervals, gaps between observed scores.
# usage: Rscript live.R DIRECTORY    writes d1 d2 d3 (.yaml, .csv), table.csv, standard.csv, lms.csv,
#                                    terms.csv, regression.csv, intervals.csv, gaps.csv
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "..", "live_r.R"))
directory <- commandArgs(TRUE)[1]
set.seed(58)

# 1. Three districts; local groups by grade and sex.  Half points, because a mean of two papers is one.
n <- 1500
kids <- data.frame(district = sample(3, n, TRUE), grade = sample(c(7, 7, 7, 8, 8, 9), n, TRUE), sex = sample(2, n, TRUE))
kids$raw <- pmin(27, pmax(0, round(2 * (6 + kids$grade / 3 + kids$sex + rnorm(n, 0, 4.5))) / 2))
kids$raw[runif(n) < .07] <- NA
known <- kids[!is.na(kids$raw), ]
for (k in 1:3) {
  mine <- known[known$district == k, ]
  cells <- aggregate(count ~ raw + sex + grade, transform(mine, count = 1), sum)
  cells <- cells[order(cells$grade, cells$sex, cells$raw), ]
  half <- cells$raw %% 1 > 0
  write.table(data.frame(scale = "total", sex = c("male", "female")[cells$sex], grade_from = cells$grade, grade_to = cells$grade, num = ifelse(half, 2 * cells$raw, cells$raw),
    den = ifelse(half, 2, 1), count = cells$count), file.path(directory, sprintf("d%d.csv", k)), sep = ",", quote = FALSE, row.names = FALSE)
  writeLines(c("format: psyscreen/norms/1", sprintf("id: d%d", k), "instrument: phq9", "edition: \"2001\"", "kind: histogram",
    "metrics: [z, t, iq, percentile, stanine_linear, stanine_percent, sten_linear, sten_percent, t_blom, t_tukey, t_waerden, t_rankit]",
    sprintf("population: {en: \"district %d\", zh: \"地区%d\"}", k, k), "year: 2026", sprintf("n: %d", nrow(mine)), "source: \"made up\"", "confidence: verified",
    "local:", "  state: counting", "  by: [grade, sex]", "  min_n: 30", "  below: pool", "  variant: \"default\"", "  informant: self", "  parts:",
    sprintf("    - \"district_%d 2026 %d 000000000000000%d\"", k, nrow(mine), k), "groups: [sex, grade]", "outside: none",
    sprintf("control: {rows: %d, sum: %d}", nrow(cells), nrow(mine))), file.path(directory, sprintf("d%d.yaml", k)))
}
half_up <- function(x, d) floor(x * 10^d + .5) / 10^d
cells <- NULL; standard <- NULL
for (g in 7:9) for (s in 1:2) {
  x <- known$raw[known$grade == g & known$sex == s]; m <- length(x); u <- sort(unique(x))
  cells <- rbind(cells, data.frame(grade = g, sex = s, n = m, mean = mean(x), sd = sd(x), lowest = min(x), highest = max(x)))
  B <- sapply(u, function(v) sum(x < v)); E <- sapply(u, function(v) sum(x == v)); z <- (u - mean(x)) / sd(x)
  p <- (2 * B + E) / (2 * m); rank <- B + (E + 1) / 2
  class <- function(cuts) sapply(p, function(v) 1 + sum(v > cuts + 1e-15))
  standard <- rbind(standard, data.frame(grade = g, sex = s, raw = u, z = half_up(z, 2), t = half_up(50 + 10 * z, 1), iq = half_up(100 + 15 * z, 0),
    percentile = (2 * 1000 * (2 * B + E) + 2 * m) %/% (4 * m) / 10,
    stanine_linear = pmin(9, pmax(1, floor(2 * z + 5.5))), sten_linear = pmin(10, pmax(1, floor(2 * z + 6))),
    stanine_percent = class(c(.04, .11, .23, .40, .60, .77, .89, .96)), sten_percent = class(pnorm(seq(-2, 2, .5))),
    t_blom = half_up(50 + 10 * qnorm((rank - 3/8) / (m + 1/4)), 1), t_tukey = half_up(50 + 10 * qnorm((rank - 1/3) / (m + 1/3)), 1),
    t_waerden = half_up(50 + 10 * qnorm(rank / (m + 1)), 1), t_rankit = half_up(50 + 10 * qnorm((rank - .5) / m), 1)))
}
put(cells, directory, "table.csv"); put(standard, directory, "standard.csv")

# 2. LMS at ages between tabulated ones; the measurement is found by uniroot of z, the tails by the note of WHO.
ages <- 6:16; L <- seq(-1.2, 1, length.out = 11); L[6] <- 0; M <- 14 + sqrt(ages) * 3; S <- seq(.09, .22, length.out = 11)
z_of <- function(y, l, m, s) if (l == 0) log(y / m) / s else ((y / m)^l - 1) / (l * s)
lms <- NULL
for (age in c(6, 7.25, 9.5, 10.999, 11, 13.7, 16)) for (y in c(8, 12, 17, 21, 23, 28, 40, 62)) {
  l <- approx(ages, L, age)$y; m <- approx(ages, M, age)$y; s <- approx(ages, S, age)$y
  z <- z_of(y, l, m, s)
  back <- function(v) if (1 + l * s * v <= 0) NA else uniroot(function(y) z_of(y, l, m, s) - v, c(1e-3, 1e5), tol = 1e-14, maxiter = 10000)$root
  who <- if (z > 3) 3 + (y - back(3)) / (back(3) - back(2)) else if (z < -3) -3 + (y - back(-3)) / (back(-2) - back(-3)) else z
  lms <- rbind(lms, data.frame(age, y, l, m, s, z, who, at1 = back(1.3)))
}
put(lms, directory, "lms.csv"); put(data.frame(age = ages, l = L, m = M, s = S), directory, "curves.csv")

# 3. Regression norms: two sets of made-up children, ranked within age, a polynomial by lm().
terms <- NULL; regression <- NULL
for (set in 1:2) {
  age <- sample(6:12, 900, TRUE); raw <- pmin(60, pmax(0, round((if (set == 1) 3 else 4.2) * age + rnorm(900, 0, 6))))
  raw[runif(900) < .05] <- NA; ok <- !is.na(raw); age <- age[ok]; raw <- raw[ok]
  l <- ave(raw, age, FUN = function(v) 50 + 10 * qnorm((rank(v) - .5) / length(v)))
  fit <- if (set == 1) lm(raw ~ l + age + I(l^2) + I(l * age)) else lm(raw ~ l + age + I(l^3) + I(l^2 * age) + I(age^2))
  b <- coef(fit); powers <- if (set == 1) list(c(0, 0), c(1, 0), c(0, 1), c(2, 0), c(1, 1)) else list(c(0, 0), c(1, 0), c(0, 1), c(3, 0), c(2, 1), c(0, 2))
  for (i in seq_along(b)) terms <- rbind(terms, data.frame(set, l = powers[[i]][1], a = powers[[i]][2], b = b[i]))
  e <- if (set == 1) quote(b1 + b2*l + b3*age + b4*l^2 + b5*l*age) else quote(b1 + b2*l + b3*age + b4*l^3 + b5*l^2*age + b6*age^2)
  for (at in c(6, 7.5, 9, 11.2, 12)) for (T in c(25, 31, 50, 58.5, 75)) {
    expected <- predict(fit, data.frame(l = T, age = at))
    r <- round(expected); f <- function(v) predict(fit, data.frame(l = v, age = at)) - r
    inside <- f(25) * f(75) < 0
    regression <- rbind(regression, data.frame(set, age = at, T, raw = expected, slope = eval(D(e, "l"), c(list(l = T, age = at), setNames(as.list(b), paste0("b", seq_along(b))))), whole = r,
      back = if (inside) uniroot(f, c(25, 75), tol = 1e-13)$root else if (f(25) >= 0) 25 else 75, clipped = if (inside) 0 else if (f(25) >= 0) -1 else 1))
  }
}
put(terms, directory, "terms.csv"); put(regression, directory, "regression.csv")

# 4. Intervals; the quantile by root of pnorm.
intervals <- NULL
for (x in c(0, 11, 65)) for (r in c(0, .55, .87, 1)) for (level in c(.68, .9, .95)) { m <- 40; s <- 9.5
  q <- uniroot(function(v) 2 * pnorm(v) - 1 - level, c(0, 6), tol = 1e-15)$root
  for (kind in 0:2) { centre <- if (kind == 0) x else m + r * (x - m); e <- s * sqrt(c(1 - r, r * (1 - r), 1 - r^2)[kind + 1])
    intervals <- rbind(intervals, data.frame(x, r, level, kind, centre, error = e, lo = centre - q * e, hi = centre + q * e)) } }
put(intervals, directory, "intervals.csv")

# 5. Gaps between observed scores, and values between age bands: approx().
x <- c(3, 3, 4, 7, 7, 7, 8, 12, 12, 20); u <- sort(unique(x)); rank <- sapply(u, function(v) mean(which(sort(x) == v)))
at <- seq(0, 24, .5)
gaps <- data.frame(at, blom = approx(u, qnorm((rank - 3/8) / 10.25), at, rule = 2)$y, rankit = approx(u, qnorm((rank - .5) / 10), at, rule = 2)$y,
  age = approx(c(7, 8.5, 12), c(40, 47.5, 44), at, rule = 2)$y)
put(gaps, directory, "gaps.csv"); put(data.frame(score = u, count = as.vector(table(x))), directory, "observed.csv")
