"""Writing together: whom an applicant asked, the page behind the link of an invitation, and stopping."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from grants import sealed
from grants.access import Actor
from grants.application import Stage
from grants.companion import INVITED, PART_WORDS, Part, Right
from grants.errors import Sentence
from grants.pages.application import LIST, OWN, base, own, questions_of
from grants.pages.sign_in import CODE_PATH
from grants.steps import share
from grants.steps import sign_in as step
from grants.store.applications import Application, Completion
from grants.store.companions import Companion, live
from grants.store.people import Person
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, page, redirect
from grants.web.say import say
from grants.web.session import actor_of

FIELDS = ("name", "email", "role", "authorised", "from_name")
YES = "ja"
INVITATION = "/uitnodiging/{token}"

MAY: dict[Part, Sentence] = {
    Part.HELPER: Sentence("Mag meelezen en meeschrijven. Ziet het besluit en het geld niet."),
    Part.COAPPLICANT: Sentence("Vraagt samen met u aan. Mag alles lezen en meeschrijven."),
    Part.REPRESENTATIVE: Sentence("Mag alles doen namens u, ook versturen. Krijgt ook uw brieven."),
}
"""What somebody may do, said to the applicant who chooses."""

YOU_MAY: dict[Part, Sentence] = {
    Part.HELPER: Sentence("U kunt meelezen en meeschrijven. Het besluit en het geld ziet u niet."),
    Part.COAPPLICANT: Sentence("U vraagt samen aan. U kunt alles lezen en meeschrijven."),
    Part.REPRESENTATIVE: Sentence("U mag alles doen namens de aanvrager. U krijgt ook de brieven."),
}
"""The same, said to whoever is asked."""


async def together(request: Request) -> Response:
    """Who writes along; for the applicant also a form to ask somebody."""
    application = await own(request)
    first = Person.filter(id=application.person_id).values_list("name", flat=True)
    known = (await first)[0] or _own_name(application)
    return await _together_page(request, application, Form.of(from_name=str(known)))


def _own_name(application: Application) -> str:
    """What we know already: somebody who applies as one person gave their own name."""
    return application.initiative.name if application.initiative.kind == "person" else ""


async def invite(request: Request) -> Response:
    """Ask somebody to write along."""
    application = await own(request, Right.OWN)
    form = await read_form(request, *FIELDS)
    with form.attempt():
        form.check()
        asked = share.Invitation(
            form.text("email"), form.text("name"), form.text("from_name"), form.text("role"),
            form.text("authorised") == YES,
        )  # fmt: skip
        state = request.app.state
        await share.invite(
            actor_of(request), application.public_id, asked, state.secret_key, state.clock(),
            language=language_of(request),
        )  # fmt: skip
        return redirect(f"{base(application)}/samen?gezegd=gevraagd")
    return await _together_page(request, application, form)


async def _together_page(request: Request, application: Application, form: Form) -> Response:
    now = request.app.state.clock()
    context = {
        "form": form,
        "application": application,
        "base": base(application),
        "companions": await live(application.id),
        "now": now,
        "words": PART_WORDS,
        "may": MAY,
        "options": [
            (part.value, say(PART_WORDS[part], language_of(request)), say(MAY[part], language_of(request)))
            for part in INVITED
        ],
        "told": request.query_params.get("gezegd", ""),
        "open": application.at is not Stage.WITHDRAWN,
    }
    status = form.status if form.problems else 200
    return page(request, "grants/together/together.html", context, status=status)


async def stop(request: Request) -> Response:
    """End that somebody writes along, by the applicant; without a name: to leave oneself."""
    actor, now = actor_of(request), request.app.state.clock()
    chosen = (await read_form(request, "wie")).text("wie")
    if not chosen:
        await share.leave(actor, request.path_params["id"], now)
        return redirect(f"{LIST}?gezegd=gestopt")
    application = await own(request)
    await share.end(actor, application.public_id, chosen, now)
    return redirect(f"{base(application)}/samen?gezegd=gestopt")


async def sent_by_another(request: Request, application: Application) -> Response:
    """What a helper sees once it was sent: that it is there, and what the municipality asks to complete."""
    completion = await Completion.get_or_none(application_id=application.id, answered_at=None)
    labels = {question.key: question.label for question in questions_of(application, language_of(request))}
    context = {
        "application": application,
        "base": base(application),
        "completion": completion,
        "asked": [(key, labels.get(key, key)) for key in completion.questions] if completion else [],
    }
    return page(request, "grants/together/sent.html", context)


async def invitation(request: Request) -> Response:
    """Behind the link of the mail: who asks, for what, and a button. Looking uses nothing up."""
    now = request.app.state.clock()
    return await _invitation_page(request, await share.invitation(request.path_params["token"], now), Form())


async def accept(request: Request) -> Response:
    """Begin to write along. Who is not signed in gets a mail first: the mailbox is the proof."""
    actor, now, token = actor_of(request), request.app.state.clock(), request.path_params["token"]
    found = await share.invitation(token, now)
    if not actor.signed_in:
        return await _sign_in(request, found, token)
    form = Form()
    with form.attempt():
        return redirect(base(await share.accept(actor, token, now)))
    return await _invitation_page(request, found, form)


async def _sign_in(request: Request, found: Companion, token: str) -> Response:
    """Send the invited address the usual mail to sign in, and come back here afterwards."""
    state = request.app.state
    browser = state.sessions.browser(request)
    await step.ask(
        found.email, browser, state.secret_key, state.clock(),
        language=language_of(request), next_path=f"/uitnodiging/{token}",
    )  # fmt: skip
    code = urlencode({"voor": sealed.seal(state.secret_key, found.email)})
    response = redirect(f"{CODE_PATH}?{code}")
    state.sessions.name_browser(response, browser)
    return response


async def _invitation_page(request: Request, found: Companion, form: Form) -> Response:
    actor = actor_of(request)
    context = {
        "form": form,
        "invitation": found,
        "word": PART_WORDS[found.part],
        "may": YOU_MAY[found.part],
        "token": request.path_params["token"],
        "fund": found.application.round.fund.name,
        "other": actor.signed_in and not await _is_for(actor, found),
    }
    return page(
        request, "grants/together/invitation.html", context, status=form.status if form.problems else 200
    )


async def _is_for(actor: Actor, found: Companion) -> bool:
    return await Person.exists(id=actor.person_id, email=found.email)


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/samen", "application.own", name="application.together",
        get=together, post=invite, post_act="application.share",
    ),
    page_route(f"{OWN}/samen/stoppen", "application.share", name="application.together.stop", post=stop),
    page_route(INVITATION, "invitation.use", name="invitation", get=invitation, post=accept),
)  # fmt: skip
