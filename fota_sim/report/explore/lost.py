"""What a page says and does whose program is gone; it would otherwise only stop to answer."""

from __future__ import annotations

from typing import Any

from bokeh.events import ConnectionLost
from bokeh.models import CustomJS

_LOST = """
const notice = document.createElement('div')
notice.className = 'lost'
notice.setAttribute('role', 'alert')
notice.textContent = 'Nothing is played any more: the program behind this page has ended, or cannot be reached. '
  + 'Start fota-sim explore again; what you have set is in the address of this page.'
notice.style.cssText = 'position: fixed; inset: 0 0 auto; z-index: 9; padding: 8px 12px; color: #333;'
  + 'background: #FFF4E5; border-left: 4px solid #D55E00; font: 14px/1.4 system-ui, sans-serif'
document.body.append(notice)
const asked = () => ({cache: 'no-store', signal: AbortSignal.timeout(5000)})
const look = () => fetch('favicon.ico', asked()).then(() => location.reload(), () => setTimeout(look, 1000))
setTimeout(look, 1000)
"""


def say_where_lost(document: Any) -> None:
    """Have the browser say that ``document`` is cut off, and load it anew once the program answers again.

    The address of the page has all that was set. Bokeh's own way of joining again fails at columns that were sent in
    binary form.
    """
    document.js_on_event(ConnectionLost, CustomJS(code=_LOST))
