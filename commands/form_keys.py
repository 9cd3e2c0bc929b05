"""`flask --app app share-form-keys`: make the form keys such that several web machines can have the same."""

import click
from flask.cli import with_appcontext

from commands.output import say, store_errors_told
from commands.running import configured
from crypto.sharedkeys import following
from store.clock import utc_today
from store.form_keys import ANEW_AFTER, share


@click.command("share-form-keys")
@click.option(
    "--anew", is_flag=True, help="From the day after tomorrow on, use keys that no older copy leads to."
)
@with_appcontext
def share_form_keys(*, anew: bool) -> None:
    """Make VIGIL_FORM_KEY a file to copy to every web machine; forms that are open now stay good."""
    path = configured().form_key
    with store_errors_told():
        changed = share(path, utc_today(), following, anew=anew)
    say(f"{path} can be shared now" if changed else f"{path} is shared already")
    soon = f", within {ANEW_AFTER - 1} day" if anew else ""
    say(
        f"copy it to every other web machine{soon}: beside the old file first, then mv; owner vigil, mode 600"
    )
    say("no other copy may stay; `flask --app app doctor` says whether all machines have the same")
