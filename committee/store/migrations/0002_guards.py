"""Who stands aside cannot judge or vote, and a ballot once cast stays as it is: held by the database too."""

from grants.store.schema import Additions, append_only, guard

MAY_JUDGE = (
    "EXISTS (SELECT 1 FROM declaration d WHERE d.seat_id = NEW.seat_id "
    "AND d.application_id = NEW.application_id AND NOT d.aside)"
)
JUDGES_ASIDE = (
    "EXISTS (SELECT 1 FROM review r JOIN declaration d ON d.seat_id = r.seat_id "
    "AND d.application_id = r.application_id WHERE r.id = NEW.review_id AND d.aside)"
)
VOTES_UNFREE = (
    "(NEW.seat_id IS NOT NULL AND EXISTS (SELECT 1 FROM mark m WHERE m.ballot_id = NEW.ballot_id "
    "AND NOT EXISTS (SELECT 1 FROM declaration d WHERE d.application_id = m.application_id "
    "AND d.seat_id = NEW.seat_id AND NOT d.aside)))"
)
VOTED_FOR = (
    "NEW.aside AND EXISTS (SELECT 1 FROM box b JOIN mark m ON m.ballot_id = b.ballot_id "
    "WHERE b.seat_id = NEW.seat_id AND m.application_id = NEW.application_id)"
)
NO_VOTE = "EXISTS (SELECT 1 FROM seat s WHERE s.id = NEW.seat_id AND s.role = 'secretary')"


def counted(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id AND p.counted_at IS NOT NULL)"


class Migration(Additions):
    dependencies = [("committee", "0001_initial"), ("grants", "0002_guards")]

    operations = [
        *append_only("ballot"),
        *append_only("mark"),
        guard(
            "mark_ballot_cast",
            "mark",
            "INSERT",
            when="EXISTS (SELECT 1 FROM box b WHERE b.ballot_id = NEW.ballot_id)",
            says="a cast ballot cannot grow",
        ),
        *(
            guard(
                f"box_aside_{event.lower()}",
                "box",
                event,
                when=VOTES_UNFREE,
                says="no declaration, or this member stands aside",
            )
            for event in ("INSERT", "UPDATE")
        ),
        *(
            guard(
                f"box_secretary_{event.lower()}", "box", event, when=NO_VOTE, says="a secretary has no vote"
            )
            for event in ("INSERT", "UPDATE")
        ),
        *(
            guard(
                f"box_counted_{event.lower()}",
                "box",
                event,
                when=counted("OLD" if event == "DELETE" else "NEW"),
                says="this poll has been counted",
            )
            for event in ("INSERT", "UPDATE", "DELETE")
        ),
        *(
            guard(
                f"box_other_poll_{event.lower()}",
                "box",
                event,
                when="NEW.poll_id <> (SELECT b.poll_id FROM ballot b WHERE b.id = NEW.ballot_id)",
                says="this ballot belongs to another poll",
            )
            for event in ("INSERT", "UPDATE")
        ),
        *(
            guard(
                f"review_aside_{event.lower()}",
                "review",
                event,
                when=f"NEW.void_at IS NULL AND NOT {MAY_JUDGE}",
                says="no declaration, or this member stands aside",
            )
            for event in ("INSERT", "UPDATE")
        ),
        guard("review_secretary", "review", "INSERT", when=NO_VOTE, says="a secretary does not judge"),
        *(
            guard(
                f"score_aside_{event.lower()}",
                "score",
                event,
                when=JUDGES_ASIDE,
                says="this member stands aside",
            )
            for event in ("INSERT", "UPDATE")
        ),
        guard(
            "declaration_final",
            "declaration",
            "UPDATE",
            when="OLD.aside AND NOT NEW.aside",
            says="standing aside is final",
        ),
        guard("declaration_delete", "declaration", "DELETE", when="(1 = 1)", says="a declaration stays"),
        *(
            guard(
                f"declaration_voted_{event.lower()}",
                "declaration",
                event,
                when=VOTED_FOR,
                says="the ballot of this member supports it, take it out first",
            )
            for event in ("INSERT", "UPDATE")
        ),
    ]
