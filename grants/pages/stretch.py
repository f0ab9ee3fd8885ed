"""A step further: the applicant reads the committee's idea, in whose name it comes, and chooses freely."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from grants.companion import Right
from grants.errors import NotFound, Sentence
from grants.pages.application import OWN, base, own, questions_of
from grants.pages.layout import form_page
from grants.steps.stretch import choose
from grants.store.applications import Application, Completion
from grants.store.stretches import Stretch, stretch_of
from grants.stretch import CHOICES, CONSENT, ROLES, Choice
from grants.web.forms import Form, read_form
from grants.web.guard import PageRoute, page_route
from grants.web.render import language_of, redirect
from grants.web.say import say
from grants.web.session import actor_of


async def idea(request: Request) -> Response:
    """The idea, and the three answers; what was answered stands ticked."""
    application = await own(request)
    stretch = await _idea_of(application)
    return _page(request, application, stretch, Form.of(choice=stretch.answer or ""))


async def answer(request: Request) -> Response:
    """Say yes, yes in another way, or no. A yes leads to the first question that is open now."""
    application = await own(request, Right.SEND)
    stretch = await _idea_of(application)
    form = await read_form(request, "choice")
    if form.text("choice") not in set(Choice):
        form.add("choice", Sentence("Kies een van de drie antwoorden. Nee is ook goed."))
    with form.attempt():
        form.check()
        consent = say(CONSENT, language_of(request))
        made = await choose(
            actor_of(request), application.public_id, Choice(form.text("choice")), consent,
            request.app.state.clock(),
        )  # fmt: skip
        first = f"{base(application)}/vraag/{made.questions[0]}"
        return redirect(first if made.choice and made.choice.reopens else f"{base(application)}/stap-verder")
    return _page(request, application, stretch, form)


def opened_by(found: Completion | Stretch | None) -> Sentence | None:
    """What opened some of the questions again, as the heading above them."""
    if found is None:
        return None
    is_idea = isinstance(found, Stretch)
    return Sentence("Het idee van de commissie") if is_idea else Sentence("Dit vroegen wij u")


async def _idea_of(application: Application) -> Stretch:
    found = await stretch_of(application.id)
    if found is None:
        raise NotFound("Er is geen idee bij deze aanvraag.")
    return found


def _page(request: Request, application: Application, stretch: Stretch, form: Form) -> Response:
    now, language = request.app.state.clock(), language_of(request)
    labels = {question.key: question.label for question in questions_of(application, language)}
    context = {
        "application": application,
        "base": base(application),
        "stretch": stretch,
        "by": ROLES[stretch.role],
        "labels": labels,
        "running": stretch.running(application, now),
        "writing": stretch.reopens(application, now),
        "chooses": application.sends,
        "options": [(choice.value, say(said, language)) for choice, said in CHOICES.items()],
        "consent": CONSENT,
    }
    return form_page(request, "grants/application/stretch.html", form, context)


ROUTES: tuple[PageRoute, ...] = (
    page_route(
        f"{OWN}/stap-verder", "application.own", name="application.stretch",
        get=idea, post=answer, post_act="application.write",
    ),
)  # fmt: skip
