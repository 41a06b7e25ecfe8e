"""What columns are called in exports, in several languages."""

from __future__ import annotations

import re
import unicodedata

_UNIT = re.compile(r"[(\[]\s*([^)\]]{1,12})\s*[)\]]")
_IN_UNITS = frozenset(["dbm", "db", "%", "v", "mv", "mah", "ah", "h", "min", "s", "sec", "ms", "d", "days", "c", "°c"])
_LAST_WORD = re.compile(
    r"(?:^| )(dbm|db|mv|v|mah|ah|wh|mwh|f|pct|percent|prozent|"
    r"h|hrs|hours|std|min|minutes|s|sec|seconds|ms|d|days|tage)$"
)
_THOUSANDTHS = re.compile(r"(mAh|mWh|mV|dBm)$")
_OF_TABLE = re.compile(r"[^\[\]]*\[([^\[\]]+)\]")
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"})  # that have no accent to lose
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# Patterns over a header in plain small letters, the likeliest first; the first attribute with a column takes it.
HEADERS: dict[str, tuple[str, ...]] = {
    "id": (
        r"^imei",
        r"^device ?id$",
        r"^(device ?(name|key)|thing ?name|endpoint( name| client name)?|dev ?eui|dk)$",
        r"imei",
        r"^(uuid|uid|id|serial( ?(no|number))?|sn|s n|serien ?nummer|ser nr)$",
        r"^(gerat(e ?(nummer|nr|id)?)?|geraet(e ?(nummer|nr|id)?)?|equipo|equipement|appareil)$",
        r"^(zahler(nummer| nr)?|meter( id| number| no)?)$",
        r"^(mac( address)?|iccid|sim( id| number)?)$",
        r"(device|gerat|meter|zahler|node|sensor).*(id|nr|nummer|number|name)$",
        r"\bid$",
        r"imei",
        r"^(thing|node|asset|endpoint|host ?(name)?|target|controller|entity|device)( ?name)?$",
        r"^(dispositivo|urzadzenie|apparaat)$",
        r"^(numer|numero|nummer|matricola|matricula|no|nr) ?(urzadzenia|seryjny|de serie|serie|dispositivo|di serie)?$",
        r"^(テハイス|端末|機器|装置)(id|番号|名)?$|^シリアル(番号)?$",
        r"^(imei|设备(编号|id|号|名称|标识)?|序列号|表号|终端(编号|号))( ?[号码])?$",
    ),
    "rssi": (
        r"\brssi\b",
        r"\b(csq|asu)\b",
        r"^rsrp\b",
        r"\brsrp\b",
        r"signal(starke| strength| level| pegel| power)?$",
        r"^(empfang|feldstarke|pegel|signal|senal|reception)\b",
        r"\bdbm\b",
        r"signal",
        r"segnale|senal|sinal|^signaal|sygnal|^zasieg|^field strength|^ricezione|^reception|^recepcion|^4 0 2$",
        r"^(電波|受信|信号)(強度|電力|レヘル|感度)?$",
        r"^(信号|信号强度|信号值|信号电平|接收信号强度|场强)$",
    ),
    "battery": (
        r"^(batt?(ery|erie)?|akku|soc|bateria|pile)( ?(level|stand|status|charge|percent(age)?|pct|ladung|niveau))?$",
        r"(batt?(ery|erie)?|akku|vbatt?|u batt?).*(level|stand|volt|spannung|charge|percent|pct|mv|soc|state)",
        r"^(v ?batt?|u ?batt?|battery v|volt(age)?|spannung|supply voltage)$",
        r"^(level|charge|ladezustand|ladung|fullstand batterie)$",
        r"^(batt|akku|bateria)",
        r"(niveau|nivel|livello|poziom|stan|level|avg|average|mean).*(batter|bateri|batteri|pile|accu|akku)|^accu",
        r"^3 0 (9|7)( 0)?$",
        r"^(電池|ハッテリー)(残量|電圧|レヘル)?$",
        r"^(电量|电池|电池(电量|电压|剩余电量|状态)|剩余电量|电压)( pct)?$",
    ),
    "firmware": (
        r"^(fw|firmware)( ?(version|ver|rev|revision|stand))?$",
        r"(fw|firmware).*(vers|rev|stand|current|aktuell)",
        r"^(current|module|modem|running|installed) (fw|firmware|version)",
        r"^(sw|software)( ?(version|ver|stand|rev))?$",
        r"^version$",
        r"\bfirmware\b",
        r"\bfw\b",
        r"^(version|versione|versao|wersja|versie)( (du|de|del|di|do))? ?"
        r"(logiciel|software|firmware\w*|oprogramowania|micrologiciel)$",
        r"^3 0 3$",
        r"^(ファームウェア|ソフトウェア)(ハーション|版)?$",
        r"^((当前|模组|模块)?(固件|软件)(版本)?号?|版本号?)$",
    ),
    "module": (
        r"^(module?|modul)( ?(type|model|typ|name))?$",
        r"^(device ?|hw )?(model|modell|modele|modelo)$",
        r"^(gerate?|geraete?|device|product)? ?(type|typ)$",
        r"^(product|produkt)$",
        r"^thing ?type( ?name)?$",
        r"modem",
        r"^((模组|模块|设备|产品)?型号|模组|模块)$",
    ),
    "hardware": (
        r"^(hw|hardware)( ?(version|ver|rev|revision|stand))?$",
        r"(hw|hardware).*(vers|rev)",
        r"^(board|pcb)( rev(ision)?)?$",
        r"^rev(ision)?$",
        r"^硬件(版本)?号?$",
    ),
    "mains": (
        r"mains|netzbetrieb|netzversorg|netz ?teil|^netz$",
        r"^(power|stromversorgung|versorgung)( ?(source|supply|type|art|quelle))?$",
        r"power(ed| source| supply)|supply ?(type|source)",
        r"batt?ery? ?powered|batteriebetrieb|batteriebetrieben",
        r"^(市电|市电供电|外部供电|供电方式|电源(类型)?)$",
    ),
    "last_contact": (
        r"last.?(seen|contact|online|connect\w*|comm\w*|update\w*|report\w*|heard|activity|message|data|uplink|event)",
        r"(letzt|zuletzt).*(kontakt|gesehen|meldung|online|verbindung|daten|aktiv|nachricht)",
        r"^(zuletzt|lastts|updated at|last)$",
        r"(dernier|derniere|ultim[oa]).*(contact|connex|conexion|vu)",
        r"last.*(session|network|signal).*(start|end|activity|seen|time)?$|^last (session|login|sync|registration)",
        r"(ostatni|laatste?|senest|sist).*(kontakt|contact|polaczenie|aktywnosc|verbinding|melding)",
        r"(ultim[oa]|derniere?).*(conta\w*|comunica\w*|communication|connession\w*|acti\w*|mensa\w*|message|session)",
        r"^(最終|最新)(通信|接続|受信|更新)(日時|時刻|日)?$",
        r"^(timestamp|time ?stamp|zeitstempel)$",
        r"^(time|ts|date ?time|last ?seen ?at)$",
        r"^(最后|最近|上次)(一次)?(在线|上线|通信|通讯|上报|活跃|连接|更新)(时间)?$",
    ),
    "contact_every": (
        r"(report\w*|melde|sende|transmi\w*|upload|uplink|update|poll\w*).*(interval\w*|period\w*|every|zyklus|cycle|takt)",
        r"(wake ?up|sleep|contact|heartbeat|keep ?alive).*(interval\w*|period\w*|every|zyklus|cycle|takt|time)",
        r"^(interval\w*|intervall|zyklus|period(e|icity)?|meldeintervall|sendeintervall|periodicita?t?e?|t3412|heartbeat|report)$",
        r"^(上报|通信|心跳|唤醒|采集)(周期|间隔)$",
    ),
    "t3412": (r"t ?3412", r"(periodic|requested|psm|extended|ext).*\btau\b", r"^tau\b"),
    "t3324": (r"t ?3324", r"(requested|psm).*\bactive ?time\b", r"^active ?time\b"),
    "edrx": (r"^(?!.*(ptw|paging|window|enabled|mode|type|act)).*\be ?drx\b",),
    "gone": (
        r"decommission|retired|stillgelegt|abgemeldet|außer betrieb|ausser betrieb|scrapped|^gone$|removed|disposed",
        r"^(active|aktiv|in service|in betrieb|enabled)$",
    ),
    "temperature": (
        r"temp",
        r"温度",
    ),
    "capacity": (
        r"capacity|kapazitat|capacite",
        r"^(电池)?容量$",
    ),
    "chemistry": (r"chemistry|batt?(ery|erie) ?(type|typ|kind)|zellchemie",),
    "cell": (
        r"^(cell|cell ?id|eci|enb|zelle|zellen ?id|serving cell)$",
        r"^(小区|小区(id|号)|基站)$",
    ),
    "time": (r"^(time|ts|date|date ?time|datum|zeit|timestamp|time ?stamp|zeitstempel|start|stop)$",),
    "key": (r"^(attribute|key|field|metric|name|property|parameter|variable|measurement|item)$",),
    "value": (r"^(value|val|wert|valeur|valor|last ?value)$",),
    "time_zone": (r"time ?zone|zeitzone|^tz$",),
    "radio": (
        r"^(rat|radio|technology|technologie|bearer|access( technology)?|network ?(type|mode)?|netzart|funk\w*)$",
        r"^(网络(类型|制式|模式)|接入(方式|技术)|制式)$",
    ),
}
NOT_SIGNAL = re.compile(r"rsrq|snr|sinr|quality|qualitat|ecl\b|noise|tx ?power|bit ?error")
"""Columns about the radio that are no level in dBm."""
INVERTED = re.compile(r"batt?ery? ?powered|batteriebetrieb|^(active|aktiv|in service|in betrieb|enabled)$")
"""Columns whose yes means no."""
LISTS: dict[str, str] = {
    "whitelist": r"white ?list|allow ?list|approved|freigegeben|pilot|白名单",
    "blacklist": r"black ?list|deny ?list|block(ed)? ?list|exclude|opt ?out|no ?update|do not update|黑名单|"
    r"ausschluss|ausgeschlossen|gesperrt",
}


_OF_TIME = {
    **dict.fromkeys(("h", "hrs", "hours", "std"), "h"),
    **dict.fromkeys(("min", "minutes"), "min"),
    **dict.fromkeys(("s", "sec", "seconds"), "s"),
    **dict.fromkeys(("d", "days", "tage"), "d"),
}


def plain(text: str) -> str:
    """Small letters without accents, single blanks for whatever is no letter or digit; camel case comes apart."""
    apart = _CAMEL.sub(" ", _UNIT.sub(" ", text))
    folded = unicodedata.normalize("NFKD", apart.translate(_LETTERS)).casefold()
    return " ".join(
        re.sub(r"[^0-9a-zа-яα-ωァ-ー一-鿿]+", " ", "".join(c for c in folded if not unicodedata.combining(c))).split()
    )


def squeezed(text: str) -> str:
    """Letters and digits only, small."""
    return plain(text).replace(" ", "")


def unit_of(header: str) -> str:
    """The unit that a header names, in brackets or as its last word; '' for none."""
    bracket = _UNIT.search(header)
    if bracket is not None:
        return bracket[1].strip().casefold()
    thousandths = _THOUSANDTHS.search(header)  # camel case would come apart as m and Ah
    last = thousandths or _LAST_WORD.search(plain(header.replace("%", " pct ")))
    return {"pct": "%", "percent": "%", "prozent": "%"}.get(last[1].casefold(), last[1].casefold()) if last else ""


def named_unit_of_time(header: str) -> str:
    """The unit of time that a header names: s, min, h or d; ``""`` for none."""
    return _OF_TIME.get(unit_of(header), "")


def rank(attribute: str, header: str) -> int | None:
    """How well a header names an attribute: 0 is best; None where it does not."""
    last = header.rpartition(".")[2]  # of a path such as shadow.reported.battery
    names = {plain(header), plain(header.casefold()), plain(last)}  # deviceId comes apart, SoC does not
    column = _OF_TABLE.fullmatch(header)
    if column is not None and column[1].strip().casefold() not in _IN_UNITS:  # Devices[RSSI], [Avg Battery]
        names = {plain(column[1]), plain(column[1].casefold())}
    return next((k for k, pattern in enumerate(HEADERS[attribute]) if any(re.search(pattern, n) for n in names)), None)
