"""Who receives the money for a group: somebody of the group, or an organisation that does it for them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants.application import Stage
from grants.errors import Sentence
from grants.initiative import Host, Kind
from grants.pages.application import OWN, base, own, questions_of
from grants.steps.name_host import name_host
from grants.store.applications import Application
from grants.store.payments import PayoutAccount
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.say import say
from grants.web.session import actor_of

AFTER = "na-bewaren"
FIELDS = ("via", "host_name", "host_kvk", "host_contact", "host_agreed", AFTER)
SELF, ORGANISATION, YES = "zelf", "organisatie", "ja"
VIA = (
    (SELF, Sentence("Iemand uit onze groep, op een eigen rekening")),
    (ORGANISATION, Sentence("Een organisatie krijgt het geld voor ons")),
)
BACK_TO = ("controleren", "rekening")
"""The pages to which somebody goes back who came from there."""


async def host(request: Request) -> Response:
    """Who receives the money, as it is known now."""
    application = await own(request)
    if application.initiative.kind != Kind.GROUP:
        return redirect(base(application))
    known = application.initiative.host
    values = {f"host_{name}": text for name, text in known._asdict().items()} if known else {}
    values |= {"via": ORGANISATION, "host_agreed": YES} if known else {"via": SELF}
    return await _host_page(
        request, application, Form.of(**values, **{AFTER: request.query_params.get(AFTER, "")})
    )


async def save_host(request: Request) -> Response:
    """Keep who receives the money."""
    application = await own(request)
    form = await read_form(request, *FIELDS)
    with form.attempt():
        if form.text("via") not in (SELF, ORGANISATION):
            form.add("via", Sentence("Kies wie het geld krijgt."))
        form.check()
        chosen = Host(
            form.text("host_name"), "".join(form.text("host_kvk").split()), form.text("host_contact")
        )
        await name_host(
            actor_of(request), application.public_id, chosen if form.text("via") == ORGANISATION else None,
            form.text("host_agreed") == YES, request.app.state.clock(),
        )  # fmt: skip
        return redirect(_onward(application, form))
    return await _host_page(request, application, form)


def _onward(application: Application, form: Form) -> str:
    """Back to where the person came from; in a draft else on to the first question."""
    if form.text(AFTER) in BACK_TO:
        return f"{base(application)}/{form.text(AFTER)}"
    if application.at is not Stage.DRAFT:
        return base(application)
    return f"{base(application)}/vraag/{questions_of(application)[0].key}"


async def _host_page(request: Request, application: Application, form: Form) -> Response:
    context = {
        "form": form,
        "application": application,
        "base": base(application),
        "options": [(value, say(said, language_of(request))) for value, said in VIA],
        "fixed": await PayoutAccount.exists(application_id=application.id),
    }
    status = form.status if form.problems else 200
    return page(request, "grants/together/host.html", context, status=status)


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/geld-via", "application.own", name="application.host",
        get=host, post=save_host, post_act="application.write",
    ),
)  # fmt: skip
