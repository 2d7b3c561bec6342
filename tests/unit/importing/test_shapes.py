"""Files as people have them, with their true headers: recognized, and the values checked."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest

from risk.domain.events import Event, Label
from streaming.importing.mapping import Mapping, build, shipped
from streaming.importing.source import Options, Plan, Refused, plan, records

NOW = datetime(2026, 11, 1, tzinfo=UTC)

PAYSIM = """step,type,amount,nameOrig,oldbalanceOrg,newbalanceOrig,nameDest,oldbalanceDest,newbalanceDest,isFraud,isFlaggedFraud
1,PAYMENT,9839.64,C1231006815,170136.0,160296.36,M1979787155,0.0,0.0,0,0
26,CASH_OUT,181.0,C840083671,181.0,0.0,C38997010,21182.0,0.0,1,0
"""
SPARKOV = """,trans_date_trans_time,cc_num,merchant,category,amt,first,last,gender,street,city,state,zip,lat,long,city_pop,job,dob,trans_num,unix_time,merch_lat,merch_long,is_fraud
0,2019-01-01 00:00:18,2703186189652095,"fraud_Rippin, Kub and Mann",misc_net,4.97,Jennifer,Banks,F,561 Perry Cove,Moravian Falls,NC,28654,36.0788,-81.1781,3495,"Psychologist, counselling",1988-03-09,0b242abb623afc578575680df30655b9,1325376018,36.011293,-82.048315,0
1,2019-01-02 01:06:37,4613314721966,fraud_Rutherford-Mertz,grocery_pos,281.06,Jason,Murphy,M,542 Steve Curve Suite 011,Collettsville,NC,28611,35.9946,-81.7266,885,Soil scientist,1988-09-15,1f76529f8574734946361c461b024d99,1325466397,36.430124,-81.179483,1
"""
IEEE = """TransactionID,isFraud,TransactionDT,TransactionAmt,ProductCD,card1,card2,card3,card4,card5,card6,addr1,addr2,dist1,dist2,P_emaildomain,R_emaildomain,C1,D1,M1,V1
2987000,0,86400,68.5,W,13926,,150.0,discover,142.0,credit,315.0,87.0,19.0,,gmail.com,,1.0,14.0,T,1.0
2987001,1,86401,29.0,W,2755,404.0,150.0,mastercard,102.0,credit,325.0,87.0,,,,,1.0,0.0,,
"""
ULB = (
    "Time," + ",".join(f"V{n}" for n in range(1, 29)) + ',Amount,"Class"\n'
    "0," + ",".join(f"-{n}.359" for n in range(1, 29)) + ',149.62,"0"\n'
    "406," + ",".join(f"{n}.1" for n in range(1, 29)) + ',0,"1"\n'
)
BAF = """fraud_bool,income,name_email_similarity,prev_address_months_count,current_address_months_count,customer_age,days_since_request,intended_balcon_amount,payment_type,zip_count_4w,velocity_6h,velocity_24h,velocity_4w,bank_branch_count_8w,date_of_birth_distinct_emails_4w,employment_status,credit_risk_score,email_is_free,housing_status,phone_home_valid,phone_mobile_valid,bank_months_count,has_other_cards,proposed_credit_limit,foreign_request,source,session_length_in_minutes,device_os,keep_alive_session,device_distinct_emails_8w,device_fraud_count,month
1,0.9,0.166828,-1,88,50,0.020925,-1.331345,AA,769,10650.765523,3134.319630,3863.647740,1,6,CA,185,0,BA,1,0,24,0,500.0,0,INTERNET,3.888115,windows,0,1,0,7
0,0.1,0.296286,9,12,40,0.005418,-0.816224,AB,366,534.047319,2670.918292,3124.298166,718,3,CA,259,1,BA,0,0,15,0,1500.0,0,INTERNET,31.798819,other,0,1,0,0
"""
AML = """Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,Payment Currency,Payment Format,Is Laundering
2022/09/01 00:20,010,8000EBD30,010,8000EBD30,3697.34,US Dollar,3697.34,US Dollar,Reinvestment,0
2022/09/01 00:21,03208,8000F4580,001,8000F5340,0.01,Bitcoin,0.01,Bitcoin,Cheque,1
"""
HANDBOOK = """TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO
0,2018-04-01 00:00:31,596,3156,57.16,31,0,0,0
1,2018-04-01 00:02:10,4961,3412,81.51,130,0,1,2
"""
STRIPE = """id,Description,Seller Message,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,Fee,Status,Statement Descriptor,Customer ID,Customer Email,Captured,Card ID,Card Last4,Card Brand,Card Funding,Card Issue Country,Card Fingerprint,Card CVC Status,Dispute Date (UTC),Dispute Reason
ch_1,Order 7,Payment complete.,2026-01-31 09:30:00,1234.50,0.00,usd,1234.50,36.10,Paid,SHOP,cus_1,a@example.com,true,card_1,4242,Visa,credit,DE,fp_1,pass,2026-02-20 10:00:00,fraudulent
ch_2,Order 8,Payment complete.,2026-01-31 09:31:00,12.00,0.00,eur,12.00,0.60,Paid,SHOP,,b@example.com,true,card_2,1111,Visa,debit,FR,fp_2,pass,,
"""
ADYEN = """Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Currency,Amount,Type,Risk Scoring,Shopper Interaction,Shopper Name,Shopper PAN,Shopper IP,Shopper Country,Issuer Name,Issuer Id,Issuer City,Issuer Country,Acquirer Response
Comp,Shop_DE,8836183819713023,order-1,visa,2026-01-31 10:30:00,UTC,EUR,49.90,Authorised,15,Ecommerce,Ada,4111...1111,203.0.113.7,DE,Bank,1,Berlin,DE,APPROVED
"""
STRIPE_API = json.dumps(
    {
        "object": "list",
        "data": [
            {
                "id": "ch_9", "object": "charge", "amount": 1050, "currency": "jpy", "created": 1769851800, "customer": None,
                "billing_details": {"email": "c@example.com"}, "status": "succeeded", "fraud_details": {"stripe_report": "fraudulent"},
                "payment_method_details": {"card": {"fingerprint": "fp_9", "country": "JP", "brand": "visa"}},
                "description": "Tea", "statement_descriptor": None,
            }
        ],
    }, indent=1,
)  # fmt: skip
PACS = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-31T09:30:00+01:00</CreDtTm><NbOfTxs>2</NbOfTxs></GrpHdr>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId><TxId>T1</TxId></PmtId><IntrBkSttlmAmt Ccy="EUR">840.00</IntrBkSttlmAmt>
<Dbtr><Nm>Ada</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
<CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>E2</EndToEndId><TxId>T2</TxId></PmtId><IntrBkSttlmAmt Ccy="EUR">1.00</IntrBkSttlmAmt>
<Dbtr><Nm>Ben</Nm></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct>
<CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>"""
CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-02-01T00:00:00Z</CreDtTm></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">19.99</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>E9</EndToEndId></Refs><RltdPties><Cdtr><Nm>Shop</Nm></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


@dataclass
class Read:
    plan: Plan
    events: list[Event] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read(path: Path, options: Options = Options()) -> Read:  # noqa: B008  (frozen)
    found = Read(plan(path, options))
    with records([found.plan], NOW, options, refuse=lambda _, row: found.refused.append(row)) as all_of_them:
        for record in all_of_them:
            (found.events if isinstance(record, Event) else found.labels).append(record)  # type: ignore[arg-type]
    counts = all_of_them.counts
    assert counts.rows == counts.events + counts.refused + (0 if found.plan.is_table else counts.labels)
    return found


def write(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "name", "mapping", "at", "account", "counterparty", "amount", "currency", "frauds"),
    [
        (PAYSIM, "paysim.csv", "paysim", "2025-01-01T01:00:00Z", "C1231006815", "M1979787155", "9839.64", "EUR", [False, True]),
        (SPARKOV, "fraudTrain.csv", "sparkov", "2019-01-01T00:00:18Z", "2703186189652095", "fraud_Rippin, Kub and Mann", "4.97", "USD", [False, True]),
        (IEEE, "train_transaction.csv", "ieee-cis", "2017-12-02T00:00:00Z", "13926--150-142-315", "product-W", "68.5", "USD", [False, True]),
        (ULB, "creditcard.csv", "ulb", "2013-09-01T00:00:00Z", "unknown-2", None, "149.62", "EUR", [False, True]),
        (BAF, "Base.csv", "bank-account-fraud", "2022-01-01T00:00:00Z", "applicant-3", None, None, None, [False, True]),
        (AML, "HI-Small_Trans.csv", "ibm-aml", "2022-09-01T00:20:00Z", "010-8000EBD30", "010-8000EBD30", "3697.34", "USD", [False, True]),
        (HANDBOOK, "handbook.csv", "handbook", "2018-04-01T00:00:31Z", "596", "3156", "57.16", "EUR", [False, True]),
        (STRIPE, "unified_payments.csv", "stripe-charges", "2026-01-31T09:30:00Z", "cus_1", "SHOP", "1234.5", "USD", [True]),
        (ADYEN, "received_payments.csv", "adyen-payments", "2026-01-31T10:30:00Z", "4111...1111", "Shop_DE", "49.9", "EUR", []),
        (STRIPE_API, "charges.json", "stripe-api", "2026-01-31T09:30:00Z", "fp_9", "Tea", "1050", "JPY", [True]),
        (PACS, "pacs.xml", "pacs.008", "2026-01-31T08:30:00Z", "DE89370400440532013000", "FR1420041010050500013M02606", "840", "EUR", []),
        (CAMT, "camt.xml", "camt.053", "2026-01-31T00:00:00Z", "DE89370400440532013000", "Shop", "19.99", "EUR", []),
    ],
)  # fmt: skip
def test_a_shape_that_everyone_tries_first_is_recognized_by_its_header(
    tmp_path: Path, text: str, name: str, mapping: str, at: str, account: str, counterparty: str | None,
    amount: str | None, currency: str | None, frauds: list[bool],
) -> None:  # fmt: skip
    found = read(write(tmp_path, text, name))
    assert found.plan.mapping is not None
    assert found.plan.mapping.name == mapping
    assert found.refused == []
    first = found.events[0]
    assert first.occurred_at == datetime.fromisoformat(at)
    assert (first.account_id, first.counterparty_id, first.currency) == (account, counterparty, currency)
    assert first.amount == (None if amount is None else Decimal(amount))
    assert sorted(label.fraud for label in found.labels) == frauds
    told = " ".join(map(str, first.attributes)).casefold()
    assert not any(word in told for word in ("fraud", "launder", "dispute"))


def test_every_mapping_that_ships_has_a_file_that_it_recognizes() -> None:
    names = {one.name for one in shipped()}
    assert names == {
        "paysim", "sparkov", "ieee-cis", "ulb", "bank-account-fraud", "ibm-aml", "handbook", "stripe-charges",
        "stripe-api", "adyen-payments", "pacs.008", "camt.053",
    }  # fmt: skip


def test_a_dispute_is_known_when_it_was_made(tmp_path: Path) -> None:
    [label] = read(write(tmp_path, STRIPE)).labels
    assert label.known_at == datetime(2026, 2, 20, 10, tzinfo=UTC)


def test_what_a_data_set_cannot_give_is_said(tmp_path: Path) -> None:
    assert any("no account" in note for note in plan(write(tmp_path, ULB)).notes)


@pytest.mark.parametrize("packed", ["gz", "zip", "tsv", "semicolon", "excel", "parquet", "utf-16", "bom"])
def test_the_same_rows_in_another_wrapping_are_the_same_events(tmp_path: Path, packed: str) -> None:
    plain = read(write(tmp_path, HANDBOOK, "tx.csv")).events
    rows = [line.split(",") for line in HANDBOOK.splitlines()]
    path = {
        "gz": lambda: write(tmp_path, gzip.compress(HANDBOOK.encode()), "tx.csv.gz"),
        "zip": lambda: write(tmp_path, _zipped(HANDBOOK), "tx.zip"),
        "tsv": lambda: write(tmp_path, HANDBOOK.replace(",", "\t"), "tx.tsv"),
        "semicolon": lambda: write(tmp_path, HANDBOOK.replace(",", ";"), "tx.csv"),
        "excel": lambda: _excel(tmp_path / "tx.xlsx", rows),
        "parquet": lambda: _parquet(tmp_path / "tx.parquet", rows),
        "utf-16": lambda: write(tmp_path, HANDBOOK.encode("utf-16"), "tx.csv"),
        "bom": lambda: write(tmp_path, b"\xef\xbb\xbf" + HANDBOOK.encode(), "tx.csv"),
    }[packed]()
    assert read(path).events == plain


def _zipped(text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("tx.csv", text)
    return made.getvalue()


def _parquet(path: Path, rows: list[list[str]]) -> Path:
    whole = {"TRANSACTION_ID", "CUSTOMER_ID", "TERMINAL_ID", "TX_FRAUD"}
    columns = {
        name: [int(v) if name in whole else float(v) if name == "TX_AMOUNT" else v for v in values]
        for name, *values in zip(*rows, strict=True)
    }
    pq.write_table(pa.table(columns), path)
    return path


def _excel(path: Path, rows: list[list[str]]) -> Path:
    """The smallest workbook: numbers as numbers, the rest as inline text."""
    cells = []
    for number, row in enumerate(rows, start=1):
        inner = "".join(
            f'<c r="{chr(65 + place)}{number}"><v>{value}</v></c>'
            if value.replace(".", "", 1).isdigit()
            else f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            for place, value in enumerate(row)
        )
        cells.append(f'<row r="{number}">{inner}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def own(**fields: object) -> Mapping:
    return build({"occurred_at": "at", "account_id": "who", **fields}, "test")


@pytest.mark.parametrize(
    ("fields", "header", "row", "expected"),
    [
        ({"occurred_at": {"column": "at", "format": "epoch_s"}}, "at,who", "1769851800,a", {"at": "2026-01-31T09:30:00+00:00"}),
        ({"occurred_at": {"column": "at", "format": "epoch_ms"}}, "at,who", "1769851800123,a", {"at": "2026-01-31T09:30:00.123000+00:00"}),
        ({"occurred_at": {"column": "at", "format": "%d/%m/%Y %H:%M", "zone": "Europe/Berlin"}}, "at,who", "31/07/2026 09:30,a", {"at": "2026-07-31T07:30:00+00:00"}),
        ({"occurred_at": {"column": ["day", "at"], "format": "%Y-%m-%d %H:%M"}}, "day,at,who", "2026-01-31,09:30,a", {"at": "2026-01-31T09:30:00+00:00"}),
        ({"amount": {"column": "sum", "decimal": ","}}, "at;who;sum", "2026-01-31;a;1.234,56", {"amount": Decimal("1234.56")}),
        ({"amount": {"column": "sum", "minor_units": True}, "currency": "cur"}, "at,who,sum,cur", "2026-01-31,a,9000125,KWD", {"amount": Decimal("9000.125")}),
        ({"amount": {"column": "sum", "minor_units": True}, "currency": "cur"}, "at,who,sum,cur", "2026-01-31,a,9000,jpy", {"amount": Decimal(9000)}),
        ({"amount": {"column": "sum", "negative": "refund"}}, "at,who,sum", "2026-01-31,a,-12.50", {"amount": Decimal("12.5"), "type": "refund"}),
        ({"amount": {"column": "sum", "negative": "absolute"}}, "at,who,sum", "2026-01-31,a,(12.50)", {"amount": Decimal("12.5")}),
        ({"event_type": {"column": "kind", "values": {"AUTH": "payment", "SIGNIN": "login"}}}, "at,who,kind", "2026-01-31,a,SIGNIN", {"type": "login"}),
        ({"country": "land"}, "at,who,land", "2026-01-31,a,NA", {"country": "NA"}),
        ({"attributes": {"note": "text", "n": "count"}}, "at,who,text,count", "2026-01-31,a,007,12", {"note": "007", "n": 12}),
    ],
)  # fmt: skip
def test_a_mapping_says_how_values_are_written(
    tmp_path: Path, fields: dict[str, object], header: str, row: str, expected: dict[str, object]
) -> None:
    found = read(write(tmp_path, f"{header}\n{row}\n"), Options(mapping=own(**fields)))
    assert found.refused == []
    [event] = found.events
    told = {
        "at": event.occurred_at.isoformat(), "amount": event.amount, "type": event.event_type, "country": event.country,
        **event.attributes,
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected
