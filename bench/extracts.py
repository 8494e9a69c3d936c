#!/usr/bin/env python3
"""Loads long extracts of a register: a CSV of a million rows, an XLSX and an ODS of 100,000, one row of a
hundred with a mistake.

Usage: extracts.py [ROWS_CSV ROWS_SHEET]    default 1000000 100000

Prints rows, rows put aside, seconds, rows a second and the most memory that was resident, beside a bare
reading of the same file; then loads each again, which must change nothing. The people are a small demo
city's; the rows' are made up by a seed and mostly nobody's, as in an extract of a whole county.
"""
import csv
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from xml.sax.saxutils import escape

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ANWANG = os.path.join(ROOT, "build", "anwang")
POLICY = os.path.join(ROOT, "policy", "keelung")
PLACE = os.path.join(ROOT, "var", "bench", "extracts")
HEAD = ["資料編號", "資料日期", "姓名", "身分證號", "出生日期", "性別", "戶籍地址", "電話", "狀態", "起日", "福利類別"]
SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊江呂何羅高蕭"
GIVEN = "怡君雅婷家豪志明淑芬美玲俊傑建宏宗翰冠宇佳穎心怡承恩品妤子涵宥廷柏翰詩涵欣怡郁婷"
ROADS = ["信一路", "義二路", "仁三路", "愛四路", "中正路", "安樂路二段", "源遠路", "暖暖街", "七賢路", "福一街"]
LETTERS = {chr(65 + i): v for i, v in enumerate(
    [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33])}


def number(chance):
    """A made-up number: second character 5 or 6, check digit right."""
    letter = chance.choice("ABCDEFGHJK")
    digits = [chance.choice((5, 6))] + [chance.randrange(10) for _ in range(7)]
    code = LETTERS[letter]
    total = code // 10 + code % 10 * 9 + sum(d * w for d, w in zip(digits, (8, 7, 6, 5, 4, 3, 2, 1)))
    return letter + "".join(map(str, digits)) + str(-total % 10)


def rows(count, seed):
    chance = random.Random(seed)
    for n in range(count):
        sex = chance.choice("男女")
        row = [f"W{seed}-{n:07d}", "110/12/01", chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
               number(chance), f"{chance.randrange(20, 100)}/{chance.randrange(1, 13)}/{chance.randrange(1, 29)}", sex,
               f"基隆市信義區{chance.choice(ROADS)}{chance.randrange(1, 300)}號{chance.randrange(2, 12)}樓",
               f"09000{chance.randrange(100000):05d}", "在案", f"{chance.randrange(100, 110)}/01/01", "低收入戶"]
        if n % 100 == 99:  # a date that is none, a status nobody knows, or nothing where something is needed
            row[[4, 8, 0][n // 100 % 3]] = ["99/13/40", "不明狀態", ""][n // 100 % 3]
        yield row


def write_csv(path, count):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        out.writerows(rows(count, 1))


def write_xlsx(path, count):
    def cell(value):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        book.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="1" sheetId="1"/></sheets></workbook>')
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for row in [HEAD, *rows(count, 2)]:
                sheet.write(("<row>" + "".join(map(cell, row)) + "</row>").encode())
            sheet.write(b"</sheetData></worksheet>")


def write_ods(path, count):
    def cell(value):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    head = ('<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            '<office:body><office:spreadsheet><table:table table:name="1">')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with book.open("content.xml", "w") as content:
            content.write(head.encode())
            for row in [HEAD, *rows(count, 3)]:
                content.write(("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>").encode())
            content.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")


def load(url, path):
    """(counts, seconds, MiB resident at most)"""
    start = time.perf_counter()
    reading, writing = os.pipe()
    pid = os.posix_spawn(ANWANG, [ANWANG, "import", "--db", url, "--policy", POLICY, "--register", "welfare", path],
                         os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)])
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as out:
        text = out.read()
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"FAIL  {path} was not loaded")
    return json.loads(text), time.perf_counter() - start, usage.ru_maxrss / 1024


def bare(path):
    start = time.perf_counter()
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass
    return time.perf_counter() - start


def main():
    long, sheet = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (1000000, 100000)
    os.makedirs(PLACE, exist_ok=True)
    database = os.path.join(PLACE, "city.db")
    for left in (database, database + "-wal", database + "-shm", database + ".key", database + ".lock"):
        if os.path.exists(left):
            os.unlink(left)
    os.environ["ANWANG_KEY_FILE"] = database + ".key"
    url = "sqlite:" + database
    subprocess.run([ANWANG, "demo", "--db", url, "--policy", POLICY, "--scale", "0.03"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bad = 0
    for name, write, count in (("long.csv", write_csv, long), ("sheet.xlsx", write_xlsx, sheet),
                               ("sheet.ods", write_ods, sheet)):
        path = os.path.join(PLACE, name)
        write(path, count)
        first, seconds, memory = load(url, path)
        again, seconds_again, _ = load(url, path)
        whole = (first["rows"] == count and first["quarantined"] == count // 100
                 and first["new"] == count - count // 100)
        same = again["new"] == 0 and again["changed"] == 0 and again["same"] == first["new"]
        bad += not (whole and same)
        print(f"{'ok  ' if whole and same else 'FAIL'}  {name}, {os.path.getsize(path) >> 20} MB: {first['rows']:,} rows, "
              f"{first['quarantined']:,} put aside, {seconds:.0f} s, {count / seconds:,.0f} rows/s, {memory:.0f} MiB; "
              f"again {seconds_again:.0f} s, {again['same']:,} the same, {again['changed']} changed; "
              f"read bare in {bare(path):.2f} s", flush=True)
        os.unlink(path)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
