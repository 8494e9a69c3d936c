#!/usr/bin/env python3
"""Splink on DuckDB, doing what `anwang link` does: run by bench/link.py inside the rival's environment.

rival.py race TABLE SPEC MODEL OUT    the same fields, levels, blocks, m and u as the spec and model say
rival.py febrl OUT LEFT [RIGHT]       its own training, with settings written for it
rival.py taiwan OUT TABLE             likewise; writes clusters at its threshold
Prints one line of JSON: seconds of each phase, from the table's file to the written pairs.
"""
import json
import re
import sys
import time

import duckdb
import splink
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THREADS = 2


def connection():
    made = duckdb.connect(":memory:")
    made.execute(f"SET threads = {THREADS}")
    return made


def table(con, name, path):
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', all_varchar = true, header = true)")
    return con.table(name)


def level(column, code):
    """One of our levels as one of theirs."""
    if code == "exact":
        return levels.ExactMatchLevel(column)
    name, bound = re.fullmatch(r"(jaro_winkler|levenshtein)[<>]=([0-9.]+)", code).groups()
    if name == "jaro_winkler":
        return levels.JaroWinklerLevel(column, float(bound))
    return levels.LevenshteinLevel(column, int(bound))


def comparison(column, codes, model):
    made = [levels.NullLevel(column)]
    for code in [*codes, "differs"]:
        one = levels.ElseLevel() if code == "differs" else level(column, code)
        made.append(one.configure(m_probability=model[code]["m"], u_probability=model[code]["u"]))
    return comparisons.CustomComparison(output_column_name=column, comparison_levels=made)


def race(path, spec_path, model_path, out):
    spec = json.load(open(spec_path, encoding="utf-8"))
    model = json.load(open(model_path, encoding="utf-8"))
    start = time.perf_counter()
    con = connection()
    rows = table(con, "people", path)
    loaded = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="id",
        probability_two_random_records_match=model["prior"],
        comparisons=[comparison(f["column"], spec["levels"][f["column"]], model["fields"][f["column"]])
                     for f in spec["fields"]],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in spec["blocks"]],
        retain_intermediate_calculation_columns=False, retain_matching_columns=False)
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(rows), settings)
    pairs = linker.inference.predict(threshold_match_probability=spec["threshold"])
    predicted = time.perf_counter()
    con.execute(f"COPY (SELECT id_l, id_r, match_probability, match_weight, * EXCLUDE (id_l, id_r, "
                f"match_probability, match_weight) FROM {pairs.physical_name}) TO '{out}' (HEADER)")
    done = time.perf_counter()
    return {"load_s": loaded - start, "predict_s": predicted - loaded, "write_s": done - predicted,
            "total_s": done - start}


# -- FEBRL -------------------------------------------------------------------------------------------

def febrl_settings(link):
    """The same fields as ours; levels after Splink's own advice for such columns."""
    return SettingsCreator(
        link_type="link_only" if link else "dedupe_only", unique_id_column_name="rec_id",
        comparisons=[
            comparisons.NameComparison("given_name").configure(term_frequency_adjustments=True),
            comparisons.NameComparison("surname").configure(term_frequency_adjustments=True),
            comparisons.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            comparisons.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            comparisons.DamerauLevenshteinAtThresholds("street_number", [1]),
            comparisons.JaroWinklerAtThresholds("address_1", [0.92, 0.8]),
            comparisons.JaroWinklerAtThresholds("address_2", [0.92, 0.8]),
            comparisons.JaroWinklerAtThresholds("suburb", [0.92, 0.8]).configure(
                term_frequency_adjustments=True),
            comparisons.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            comparisons.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "surname"),
            block_on("substr(surname,1,3)", "postcode"),
            block_on("substr(given_name,1,3)", "substr(date_of_birth,1,4)"), block_on("address_1"),
            block_on("suburb", "street_number"),
        ])


def febrl_table(con, name, path):
    """Names of columns and values without the blanks around them, as both sides read them."""
    con.execute(f"CREATE TABLE raw_{name} AS SELECT * FROM read_csv('{path}', all_varchar = true, header = true)")
    columns = [row[0] for row in con.execute(f"DESCRIBE raw_{name}").fetchall()]
    wanted = ", ".join(f"NULLIF(trim(\"{c}\"), '') AS \"{c.strip()}\"" for c in columns)
    con.execute(f"CREATE TABLE {name} AS SELECT {wanted} FROM raw_{name}")
    return con.table(name)


def febrl(out, left, right=None):
    start = time.perf_counter()
    con = connection()
    api = DuckDBAPI(connection=con)
    tables = [api.register(febrl_table(con, "left_rows", left), dataset_display_name="a")] if right else [
        api.register(febrl_table(con, "left_rows", left))]
    if right:
        tables.append(api.register(febrl_table(con, "right_rows", right), dataset_display_name="b"))
    linker = Linker(tables if right else tables[0], febrl_settings(right is not None))
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("date_of_birth"), block_on("soc_sec_id"), block_on("postcode")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=0.2)
    con.execute(f"COPY (SELECT rec_id_l AS \"left\", rec_id_r AS \"right\", match_probability AS probability "
                f"FROM {pairs.physical_name}) TO '{out}' (HEADER)")
    return {"train_s": trained - start, "total_s": time.perf_counter() - start}


# -- the made-up Taiwan ------------------------------------------------------------------------------

def taiwan_settings():
    """The same fields as ours; levels after Splink's own advice for such columns, on characters."""
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="record_id",
        comparisons=[
            comparisons.LevenshteinAtThresholds("name", [1, 2]).configure(term_frequency_adjustments=True),
            comparisons.DamerauLevenshteinAtThresholds("national_id", [1, 2]),
            comparisons.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
            comparisons.ExactMatch("sex"),
            comparisons.DamerauLevenshteinAtThresholds("phone", [1]),
            comparisons.JaroWinklerAtThresholds("address", [0.95, 0.9, 0.8]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("national_id"), block_on("birth_date"), block_on("name", "substr(birth_date,1,4)"),
            block_on("name", "address"), block_on("name", "phone"),
        ])


def taiwan(out, path):
    start = time.perf_counter()
    con = connection()
    con.execute(f"CREATE TABLE raw AS SELECT * FROM read_csv('{path}', all_varchar = true, header = true)")
    columns = [row[0] for row in con.execute("DESCRIBE raw").fetchall()]
    wanted = ", ".join(f"NULLIF(\"{c}\", '') AS \"{c}\"" for c in columns)
    con.execute(f"CREATE TABLE people AS SELECT {wanted} FROM raw")
    linker = Linker(DuckDBAPI(connection=con).register(con.table("people")), taiwan_settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("national_id"), block_on("name", "birth_date")], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("national_id"), block_on("birth_date", "sex")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=0.2)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.9)
    con.execute(f"COPY (SELECT record_id AS id, cluster_id AS cluster FROM {clusters.physical_name}) "
                f"TO '{out}' (HEADER)")
    return {"train_s": trained - start, "total_s": time.perf_counter() - start}


def main():
    import logging
    logging.disable(logging.WARNING)
    work = {"race": race, "febrl": febrl, "taiwan": taiwan}[sys.argv[1]]
    print(json.dumps({**work(*sys.argv[2:]), "splink": splink.__version__, "duckdb": duckdb.__version__}))


if __name__ == "__main__":
    main()
