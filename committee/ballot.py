"""What a member hands in: the applications they support, nothing at all, or a real abstention."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from grants.errors import Refusal


@dataclass(frozen=True)
class Ballot:
    """One ballot. A blank one (no marks) has an equal share like any other; an abstention has none.

    Who abstains leaves the dividing to the others: they do not count in n. Who hands in a blank ballot
    says that nothing deserves their share: it stays in the pot.
    """

    marks: frozenset[str] = frozenset()
    abstains: bool = False


ABSTENTION = Ballot(abstains=True)


@dataclass(frozen=True)
class Approval:
    """Mark every application you support: at least `min_marks` of them, at most `max_marks` (None: no limit).

    A further ballot method is a class beside this one with the same `check`; it hands back a Ballot.
    """

    min_marks: int = 0
    max_marks: int | None = None

    def check(
        self, marks: Iterable[str], on_ballot: Collection[str], recused: Collection[str] = frozenset()
    ) -> Ballot:
        """The ballot for these marks, or a Refusal that says what to mend.

        `on_ballot` are the ids in this vote, `recused` those for which this member stands aside. Who stands
        aside so often that the minimum is out of reach may mark everything that is left to them.
        """
        marked = list(marks)
        chosen = frozenset(marked)
        if len(chosen) < len(marked):
            raise Refusal(
                "U heeft een aanvraag twee keer aangekruist. Kruis elke aanvraag één keer aan.", field="marks"
            )
        if not chosen <= frozenset(on_ballot):
            raise Refusal("U heeft een aanvraag aangekruist die niet in deze stemming zit.", field="marks")
        if not chosen.isdisjoint(recused):
            raise Refusal(
                "U doet niet mee aan de keuze over een aanvraag die u heeft aangekruist. Haal dat kruis weg.",
                field="marks",
            )
        open_to_me = len(frozenset(on_ballot) - frozenset(recused))
        self._check_number(len(chosen), open_to_me)
        return Ballot(chosen)

    def _check_number(self, marked: int, open_to_me: int) -> None:
        least = min(self.min_marks, open_to_me)
        if marked < least:
            raise Refusal(
                "U heeft {marked} aanvragen aangekruist. Kruis er ten minste {least} aan, "
                "of onthoud u van stemming.",
                field="marks",
                marked=marked,
                least=least,
            )
        if self.max_marks is not None and marked > self.max_marks:
            raise Refusal(
                "U heeft {marked} aanvragen aangekruist. Kruis er niet meer dan {most} aan.",
                field="marks",
                marked=marked,
                most=self.max_marks,
            )


METHODS: dict[str, type[Approval]] = {"approval": Approval}


def check_marks(
    method: Approval,
    marks: Iterable[str],
    on_ballot: Collection[str],
    recused: Collection[str] = frozenset(),
    *,
    abstains: bool = False,
) -> Ballot:
    """What a member sent, as a ballot: marks or a real abstention, never both."""
    if not abstains:
        return method.check(marks, on_ballot, recused)
    if list(marks):
        raise Refusal("Kies: aanvragen aankruisen, of u onthouden van stemming. Niet allebei.", field="marks")
    return ABSTENTION
