"""What is counted towards each metric of a target; pure."""

from collections.abc import Iterable, Mapping, Sequence

from services.registry.figures.procedures import OfferedProcedure
from services.registry.figures.progress import Counter, Reached, TargetToReach

Shown = Mapping[str, Mapping[str, int]]  # by procedure


def counters(shown: Shown, procedures: Iterable[OfferedProcedure]) -> Mapping[str, Counter]:
    """Return what counts each metric there is, from what dossiers show and the procedures of some units."""
    known = {procedure.code: procedure for procedure in procedures}

    def online_dossiers(target: TargetToReach) -> Reached:
        """Count the dossiers settled that came in online under a procedure at one of the levels, among all settled."""
        at_level = [code for code in shown if _counts(target, known.get(code))]
        return Reached(_sum(shown, "settled_online", at_level), _sum(shown, "settled"))

    def online_services(target: TargetToReach) -> Reached:
        """Count the procedures at one of the levels, among all that were given one in the target's scheme."""
        offered = [p for p in known.values() if p.scheme is not None and target.scheme in {None, p.scheme}]
        return Reached(sum(_counts(target, p) for p in offered), len(offered))

    def of_dossiers(part: str, whole: str) -> Counter:
        return lambda _: Reached(_sum(shown, part), _sum(shown, whole))

    return {
        "online_dossier_ratio": online_dossiers,
        "online_service_ratio": online_services,
        "early_return_ratio": of_dossiers("finished_early", "finished"),
        "online_reception_ratio": of_dossiers("online", "received"),
        "electronic_result_ratio": of_dossiers("results_electronic", "results"),
        "online_payment_ratio": of_dossiers("paid_online", "paid"),
    }


def _counts(target: TargetToReach, procedure: OfferedProcedure | None) -> bool:
    if procedure is None:
        return False
    if target.scheme is None:
        return procedure.is_online if not target.levels else str(procedure.level) in target.levels
    return procedure.scheme == target.scheme and procedure.scheme_level in target.levels


def _sum(shown: Shown, name: str, codes: Sequence[str] | None = None) -> int:
    return sum(counts[name] for code, counts in shown.items() if codes is None or code in codes)
