"""Draw the picture of a site on several machines anew: `.venv/bin/python -m docs.images.draw_cluster`.

Needs Chromium.
"""

from playwright.sync_api import sync_playwright

from docs.images.draw import keep
from tests.e2e.chromium import launched

WIDTH = 960
PICTURE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 20px; background: #fcf9f2; color: #1c1b18; }
body { font: 15px/1.35 "DejaVu Sans", sans-serif; }
.row { display: flex; gap: 18px; }
.row > * { flex: 1; border: 2px solid #1c1b18; border-radius: 8px; padding: 10px 12px; background: #fff; }
.row.bare > * { border: 0; background: none; padding: 0; }
.row > .people { background: none; border-style: dotted; }
.row > .aside { border-style: dashed; }
b { display: block; font-size: 16px; }
span { color: #5b574e; font-size: 13px; }
p { margin: 6px 0; text-align: center; font-size: 13px; color: #5b574e; }
i { font-style: normal; font-size: 20px; color: #1c1b18; }
</style>
<div class="row">
<div class="people"><b>Readers and sources</b><span>on the open web</span></div>
<div class="people"><b>Readers and sources</b><span>in Tor Browser</span></div>
</div>
<div class="row bare"><p><i>↓</i> TLS</p><p><i>↓</i> where? the onion address</p></div>
<div class="row">
<div><b>front</b><span>nginx: hands each request to a web machine, and keeps nothing</span></div>
<div class="aside"><b>balance</b><span>Onionbalance: says where, and no visit passes here</span></div>
</div>
<div class="row bare">
<p><i>↓</i> TLS, your own certificates: to web1 or web2</p>
<p><i>↓</i> straight to tor on web1 or web2</p>
</div>
<div class="row">
<div><b>web1</b><span>Vigil, nginx, tor: seals each report as it arrives</span></div>
<div><b>web2</b><span>the same; both have the same form keys and texts</span></div>
</div>
<p><i>↓</i> TLS, your own certificates: from either, to whichever of the three leads</p>
<div class="row">
<div><b>db1</b><span>PostgreSQL leads; sealed bytes alone</span></div>
<div><b>db2</b><span>has all that was acknowledged, and may lead</span></div>
<div><b>db3</b><span>follows; the third voice when one is missing</span></div>
</div>
<p>Patroni and etcd on all three agree on who leads</p>"""


def main() -> None:
    """Make it."""
    with sync_playwright() as playwright:
        chromium = launched(playwright)
        try:
            page = chromium.new_page(viewport={"width": WIDTH, "height": 200})
            page.set_content(PICTURE)
            keep("cluster.png", page.screenshot(full_page=True))
        finally:
            chromium.close()


if __name__ == "__main__":
    main()
