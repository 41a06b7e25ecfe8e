"""What a word of a status probably means, to be suggested and never to be taken: German, Chinese, and compounds."""

from __future__ import annotations

from typing import Final

from fota_sim.histories.ends import End

_PARTS: Final = (
    (End.FAILED_DOWNLOAD, ("download fehlgeschlagen", "fehler beim download", "下载失败", "下載失敗")),
    (End.FAILED_INSTALL, ("installation fehlgeschlagen", "安装失败", "安裝失敗")),
    (End.NOT_APPLICABLE, ("nicht erforderlich", "bereits aktuell", "无需", "無需", "not applicable", "not required")),
    (End.NEVER_REACHED, ("nicht erreich", "离线", "離線", "未接收", "未收到", "unreachable")),
    (End.FAILED, ("nicht erfolgreich", "ohne erfolg", "erfolglos", "unsuccessful", "not successful")),
    (End.ROLLED_BACK, ("zurückgesetzt", "zurückgerollt", "rollback", "rolled back", "回滚", "回滾", "回退")),
    (End.REFUSED, ("abgelehnt", "verweigert", "拒绝", "拒絕", "refused", "rejected", "declined")),
    (End.TIMED_OUT, ("zeitüberschreitung", "超时", "超時", "timed out", "timeout")),
    (End.CANCELLED, ("abgebrochen", "storniert", "取消", "终止", "cancel", "abort")),
    (End.FAILED, ("fehlgeschlagen", "fehlerhaft", "gescheitert", "失败", "失敗", "failed", "failure")),
    (End.SUCCEEDED, ("erfolgreich", "abgeschlossen", "aktualisiert", "成功", "已完成", "succeed", "success")),
    (End.DOWNLOADING, ("wird geladen", "lädt herunter", "下载中", "下載中", "downloading")),
    (End.INSTALLING, ("wird installiert", "升级中", "升級中", "安装中", "installing", "rebooting")),
    (End.UNDER_WAY, ("in bearbeitung", "läuft", "进行中", "進行中", "in progress")),
)
"""Parts of words in small letters, and what words with them mean; the first that fits counts, so "not" stands first."""


def likely(word: str) -> End | None:
    """What a word probably means; None if it could be anything.

    >>> likely("Nicht erreichbar"), likely("升级成功"), likely("pending")
    (<End.NEVER_REACHED: 'never_reached'>, <End.SUCCEEDED: 'succeeded'>, None)
    """
    text = " ".join(word.lower().replace("_", " ").replace("-", " ").split())
    return next((end for end, parts in _PARTS if any(part in text for part in parts)), None)
