"""Words that name nothing: what a sentence may use without its evidence using them.

Everything here is an ordinary word of English or of this trade. A word that is missing is taken for a name where a
name may stand, and must then be in the evidence: too short a list removes sentences, too long a one lets names pass.
"""

from __future__ import annotations

STOP = frozenset(
    """a about above across after again against all almost alone along already also although always am among an and
    another any anything are as at away be because been before behind being below beside besides between beyond both
    but by can cannot could despite did do does doing done down due during each either else enough even ever every
    everything far few first for from further had has have having he her here hers him his how however i if in indeed
    instead into is it its itself just last later least less like likely many may maybe me might mine more most much
    must my near nearly neither never next no none nor not nothing now of off often on once one only onto or other
    others otherwise our out over own per perhaps quite rather same second seem seems seen several shall she should
    since so some something still such than that the their theirs them then there therefore these they this those though
    through thus to together too toward towards under unless until up upon us very was we well were what whatever when
    where whereas whether which while who whom whose why will with within without would yes yet you your""".split()
)
"""Words of grammar: they say nothing by themselves."""

GENERIC = frozenset(
    """account accounts activity alert alerts amount amounts assessment case cases customer customers data event events
    evidence level payment payments reason reasons risk risks score scored show shows transaction
    transactions""".split()
)
"""Words that nearly every piece of evidence has: sharing one is no sign that a piece supports a sentence."""

_OPENERS = frozenset(
    """according account accounts activity additionally alert alerts amount amounts analyst analysts approach ask
    assess assessment attempts attributes authentication authorisation authorization bank baseline block both call
    card cards case cases channel check checks close closely comparable compare compared confirm consider
    considering contact contributing contributions count counterparties counterparty country credentials customer
    customers dealings deals decide device devices document earlier enquire escalate establish event events evidence
    examine explain external features few fewer finally find flag follow following fraud funds given guidance hence
    higher history hold identify increased indicators inspect instrument investigate issuer keep knowledge known
    knows label large late level levels listen location login logins look lower match medium merchant merchants
    method model money monitor moreover multiple name neither network new newer night notably note number obtain
    online operational order orders ordinarily ordinary owner passage past patterns pause payee payment payments
    people person phone place point points policy positive possible prior proceed proof put query question raise
    read reason reasons recent record records refer regulatory relevant request require resolve rest retain review
    risk risks rule rules save score scores scoring secure see seek select send sender separately service settlement
    shared shipping shop sign similar similarly single small speak specifically spending standing stop store suggest
    suggested summary support suspicious system take talk telephone tell terminal terminals terms test testing third
    threshold thresholds time times timing total trace trade trader trades trading transaction transactions transfer
    transfers treat try two type typical typically typology unknown unusual unusually update usage use user users
    usual values velocity verify volume wait warn watch weigh withdrawals write""".split()
)

_TRADE = frozenset(
    """abuse access accepted accessed accounted acted active added additional address age agrees alike allowed appear
    appears applied apply arrived asked associated attack attempt authorised authorized average away based became become
    becomes began behaved behaves behaviour behavior belongs big bought brought buys calls came cannot carried caused
    category cause change changed changes charge chargeback checked chosen clear closed coming common comes concerned
    consistent contradicts contributed contributes conversation could created creation currency cycle daily dates day
    days dealt decided deposit depends details did differs differ disposition does each else ended ends exceeded exceeds
    expected explains explanation fast figures fingerprint fired fits flagged flow followed follows found fraudulent
    frequency full gave gets gives goes gone group growth habits handled happened happens has held helps higher highest
    hits holder holders holds hour hours id ids identity important included includes involved involves itself
    joined kept kind lacks lately latest led left lends limit linked links list listed local locked logged long longer
    looked looks low lowered lowest made main makes makers matched matches matter mean means met minute minutes month
    months moved moves near needs nobody normal normally note notes numbers observed occurred occurs occur old older
    opened opening opens operates owned owners owns paid part party passed password pattern pays per performed period
    physical placed plausible point pointed posted present previous probability profile provided purchase purchases
    raised raises range ran rapid rarely rate reached receive received receives recently recipient recorded recovery
    refused regular related remained remains remote repeated reported reports represents requested resembles reset
    resolved resulted returned returns reviewed right rise rose routine runs said sale sales sample saw says seconds
    seeing seldom sells sends sent session sessions set share shares shift should shown showed sign signs since sits
    size slow sold sources spends spent spoken stands started starts state stated stays stolen stood strong subject
    sudden suffered suggests sums supplier supports takeover taken takes tells tended tends than them things tied
    told took touched traded traders transacted travel travelled travels tried trigger triggered trust turned twice
    types under usually value varies verified version via visited was weak week weeks went were whole whose window
    withdrew worked works worth would year years""".split()
)

WORDS = STOP | GENERIC | _OPENERS | _TRADE
"""Words that may open a sentence, or follow the word ``account`` or ``device``, and are no names."""

HOLDERS = frozenset(
    """account counterparty customer merchant device terminal shop store trader instrument user person analyst holder
    cardholder payee recipient beneficiary sender supplier vendor company seller buyer named called component
    service""".split()
)
"""Words that a name may follow."""

ABBREVIATIONS = frozenset(
    "AI ATM AML API CEO CNP CVV ID IDs IP IPs IBAN IT KYC MFA OTP PC PIN PINs POS SAR SIM SMS STR UTC VPN URL".split()
)
"""Capitals that name no country, currency, level or party."""

_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

CARDINALS = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
} | {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

QUANTITY_WORDS = frozenset(
    """second third fourth fifth sixth seventh eighth ninth tenth hundredth half halves quarter quarters thirds twice
    thrice double doubled doubles doubling triple tripled triples tripling quadruple quadrupled dozen dozens hundreds
    thousands millions billions couple pair tenfold twofold threefold fourfold fivefold sixfold sevenfold eightfold
    ninefold hundredfold majority minority hourly daily nightly weekly fortnightly monthly quarterly yearly annual
    annually yesterday today tomorrow tonight midnight noon fortnight fortnights decade decades century weekend
    weekends minus negative""".split()
)
"""Words that say how much or when: their evidence must use them too."""

TIME_UNITS = {
    form: unit
    for unit, forms in {
        "millisecond": "ms millisecond milliseconds",
        "second": "s sec secs second seconds",
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
    }.items()
    for form in forms.split()
}
CURRENCY_WORDS = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP", "pounds": "GBP"} | {
    "yen": "JPY",
    "franc": "CHF",
    "francs": "CHF",
}
CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
COUNTED = {
    form: unit
    for unit, forms in {
        "payment": "payment payments transaction transactions",
        "event": "event events",
        "login": "login logins sign-in sign-ins",
        "trade": "trade trades",
        "metric": "metric metrics",
        "alert": "alert alerts",
        "case": "case cases",
        "account": "account accounts",
        "counterparty": "counterparty counterparties",
        "merchant": "merchant merchants shop shops",
        "terminal": "terminal terminals",
        "device": "device devices",
        "country": "country countries",
        "address": "address addresses ip ips",
        "rule": "rule rules",
        "reason": "reason reasons",
        "chargeback": "chargeback chargebacks",
        "attempt": "attempt attempts",
        "point": "point points",
    }.items()
    for form in forms.split()
}
"""What is counted: a number of devices is no number of countries."""
