"""Statistics against other software: the reference numbers of tests/reference, and NumPy."""

import csv
import math
import pathlib
import pickle

import psyscreen
import pytest

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

REFERENCE = pathlib.Path(__file__).resolve().parents[3] / "tests" / "reference"


def sample(rows=60, items=7, blanks=0.1, seed=3):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(rows, 1))
    answers = np.clip(np.round(2 + true + rng.normal(size=(rows, items))), 0, 4)
    answers[rng.random((rows, items)) < blanks] = np.nan
    return answers


def test_alpha_by_its_definition():
    """Cronbach (1951) written out in NumPy; both are sums of the same products, so 1e-12."""
    data = sample()
    whole = data[~np.isnan(data).any(1)]
    k = whole.shape[1]
    expected = k / (k - 1) * (1 - whole.var(0, ddof=1).sum() / whole.sum(1).var(ddof=1))
    got = psyscreen.reliability(data)
    assert got.alpha == pytest.approx(expected, abs=1e-12)
    assert got.n_used == len(whole) and got.n_rows == len(data)
    rest = [np.corrcoef(whole[:, i], np.delete(whole, i, 1).sum(1))[0, 1] for i in range(k)]
    assert got.items["item_rest_r"] == pytest.approx(rest, abs=1e-12)
    frame = pd.DataFrame(data)
    for other in (frame, pl.DataFrame(data), {str(i): data[:, i].tolist() for i in range(k)},
                  np.asfortranarray(data), frame.astype("Float64")):
        assert psyscreen.reliability(other).alpha == got.alpha


def test_covariance():
    data = sample(blanks=0)
    assert np.allclose(psyscreen.covariance(data), np.cov(data.T), atol=1e-12)


def test_mahalanobis_and_irv_in_numpy():
    data = sample(blanks=0, rows=40).astype(np.int8)
    table = psyscreen.validity(data)
    centred = data - data.mean(0)
    expected = np.einsum("ri,ij,rj->r", centred, np.linalg.inv(np.cov(data.T)), centred)
    assert table["mahalanobis"] == pytest.approx(expected.tolist(), rel=1e-9)
    assert table["irv"] == pytest.approx(data.std(1, ddof=1).tolist(), rel=1e-12)
    longest = []
    for row in data.tolist():
        best = run = 1
        for a, b in zip(row, row[1:]):
            run = run + 1 if a == b else 1
            best = max(best, run)
        longest.append(best)
    assert table["longest_run"] == longest


def test_grids_of_every_kind_are_the_same():
    data = np.where(np.isnan(sample()), -1, sample()).astype(np.int8)
    expected = psyscreen.validity(data).to_csv()
    names = [str(i) for i in range(data.shape[1])]
    blanks = pd.DataFrame(data, columns=names).astype("Int64").where(lambda f: f >= 0)
    for other in (data.astype(float), data.astype(np.int64), np.asfortranarray(data),
                  blanks, {n: [None if v < 0 else int(v) for v in data[:, i]]
                           for i, n in enumerate(names)}):
        assert psyscreen.validity(other).to_csv() == expected
    with pytest.raises(psyscreen.DataError, match="holds 200"):
        psyscreen.validity(np.full((3, 3), 200))
    with pytest.raises(psyscreen.DataError, match="holds 1.5"):
        psyscreen.validity(np.full((3, 3), 1.5))


def test_change_by_its_definition():
    """Jacobson & Truax (1991): (x2 - x1) / (sqrt 2 s1 sqrt(1 - r))."""
    rng = np.random.default_rng(1)
    pre = rng.normal(20, 6, 50)
    post = pre + rng.normal(-1, 3, 50)
    group = psyscreen.ChangeGroup.describe(pre, post)
    assert group.r == pytest.approx(np.corrcoef(pre, post)[0, 1], abs=1e-12)
    got = psyscreen.reliable_change(pre, post, cutoff=15)
    expected = (post - pre) / (math.sqrt(2) * pre.std(ddof=1) * math.sqrt(1 - group.r))
    assert got["index"] == pytest.approx(expected.tolist(), rel=1e-12)
    for index, before, after, kind in zip(got["index"], pre, post, got["class"]):
        assert kind == ("recovered" if index <= -1.96 and before > 15 >= after else
                        "improved" if index <= -1.96 else
                        "deteriorated" if index >= 1.96 else "unchanged")
    gap = psyscreen.reliable_change([20.0, None], [10.0, 10.0], group=group)
    assert gap["index"][1] is None
    limits = group.limits(20)
    assert limits["high_score"] - 20 >= 1.96 * limits["error"]


def test_norms_of_the_catalogue():
    """Every mean and standard deviation of a norm file gives T 50 at the mean."""
    share = pathlib.Path(psyscreen.catalog().directories[0]) / "norms"
    tried = 0
    for path in sorted(share.glob("*.yaml")):
        norms = psyscreen.Norms.load(path)
        assert norms.id and norms.population("zh")
        with open(path.with_suffix(".csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        for row in rows[:3]:
            if "mean" not in row or not row.get("mean"):
                continue
            who = {}
            for key in ("sex", "informant"):
                if row.get(key):
                    who[key] = row[key]
            for key in ("grade", "age"):
                if row.get(key):
                    who[key] = int(row[key].split("..")[0])
            if set(row) - {"scale", "mean", "sd", "sex", "informant", "grade", "age", "n"}:
                continue
            try:
                at_mean = norms.standard(row["scale"], float(row["mean"]), metric="z", **who)
            except psyscreen.NotFoundError:
                continue
            if not math.isnan(at_mean):
                assert at_mean == 0
                tried += 1
    assert tried > 0


def test_local_norms_are_counted_and_add_up(district, tmp_path):
    plan = psyscreen.Plan.load(district.plan)
    whole = psyscreen.Norms.build(plan, district.responses, roster=district.roster)
    assert len(whole) == 1 and whole[0].is_counts and not whole[0].is_frozen
    frozen = whole[0].freeze().write(tmp_path / f"{whole[0].id}.yaml")
    assert frozen.is_frozen and pickle.loads(pickle.dumps(frozen)).id == frozen.id
    groups = whole[0].table()
    assert groups.columns[:2] == ["norm", "scale"] and sum(groups["n"]) > 500
    with pytest.raises(psyscreen.DataError):
        psyscreen.Norms.merge([whole[0], whole[0]], "twice")
    with pytest.raises(psyscreen.ArgumentError, match="write"):
        pickle.dumps(whole[0])


def test_rules_decide_in_three_values():
    rule = psyscreen.Rule("a >= 2 or b >= 2", ["a", "b"])
    assert rule.decide({"a": [2, 1, None, None], "b": [None, 1, None, 3]}) == [
        True, False, None, True]
    assert psyscreen.Rule("a + b", ["a", "b"]).compute(
        {"a": np.array([1.5, np.nan]), "b": [1, 1]})[0] == 2.5


def test_keycheck_finds_a_turned_item():
    rng = np.random.default_rng(5)
    level = rng.normal(size=(400, 1))
    answers = np.clip(np.round(1.5 + level + rng.normal(size=(400, 9)) * 0.7), 0, 3).astype(int)
    answers[:, 3] = 3 - answers[:, 3]
    names = psyscreen.Instrument.load("phq9").columns[:9]
    found = psyscreen.keycheck("phq9", answers, columns=names)
    verdicts = dict(zip(found["item"], found["verdict"]))
    assert verdicts.pop("4") == "against" and set(verdicts.values()) == {"fits"}
    assert "key_against" in found.findings["rule"]


def test_keys(tmp_path):
    made = psyscreen.key_new(tmp_path / "a.key")
    assert psyscreen.key_fingerprint(tmp_path / "a.key") == made and len(made) == 19
    with pytest.raises(psyscreen.OutputError):
        psyscreen.key_new(tmp_path / "a.key")


def test_encryption(tmp_path):
    data = b"PK\3\4 not a workbook, but bytes"
    path = tmp_path / "a.xlsx"
    assert psyscreen.encrypt_workbook(data, "correct horse", path) is None
    assert path.read_bytes()[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
    assert data not in psyscreen.encrypt_workbook(data, "correct horse")
    with pytest.raises(psyscreen.ArgumentError):
        psyscreen.encrypt_workbook(data, "short")
    with pytest.raises(psyscreen.FileError):
        psyscreen.encrypt_workbook(tmp_path / "none.xlsx", "correct horse")
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_simulation_is_the_same_for_a_seed(district, tmp_path):
    again = psyscreen.simulate(psyscreen.Plan.load("district_demo"), tmp_path, students=600,
                               schools=4, seed=1)
    for a, b in zip(district.responses, again.responses):
        assert pathlib.Path(a).read_bytes() == pathlib.Path(b).read_bytes()


def test_catalogue():
    own = psyscreen.catalog()
    table = own.table("zh")
    assert len(table) == len(own) and "phq9" in own and "nothing" not in own
    assert own["phq9"] is not own["phq9"] and own["phq9"] == own["phq9"]
    assert "district_demo" in own.plans
    assert '"$schema"' in psyscreen.json_schema("plan")
    assert "instruments" in repr(own) and "<table>" in own._repr_html_()
