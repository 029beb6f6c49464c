"""For the digital-services officer: levels by unit, use, targets, QD 766."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.monitoring.boards import panels
from deploy.monitoring.boards.panels import PERCENT, SECONDS, Levels, by_unit, lines, number, rows
from deploy.monitoring.rules_files import limit

UID = "hoso-officer"
_HANDLED = 'unit=~"$unit",scope="handled"'
_LEVELS = f"hoso_registry_procedures{{{_HANDLED}}}"
_OLD = Levels(limit("HosoFiguresOld"))


def _share(levels: str) -> str:
    return f'sum(hoso_registry_procedures{{{_HANDLED},level=~"{levels}"}}) / (sum({_LEVELS}) > 0)'


def board() -> Dashboard:
    """Return the dashboard."""
    return panels.board(
        UID,
        "Dịch vụ công trực tuyến",
        "For the digital-services officer: full and partial levels by unit, use, targets, indicators of QD 766.",
        rows={
            "Mức độ": _levels(),
            "Sử dụng": _use(),
            "Chỉ tiêu": _targets(),
            "Bộ chỉ số 766": _qd766(),
        },
        units=True,
        days=90,
    )


def _levels() -> list[panels.AnyPanel]:
    names = {"unit": "Đơn vị", "level": "Mức độ", "scheme": "Theo văn bản", "Value": "Thủ tục"}
    return [
        number("Toàn trình", "Share of the procedures handled that are full.", _share("full"), unit=PERCENT),
        number("Toàn trình hoặc một phần", "Share that are full or partial.", _share("full|partial"), unit=PERCENT),
        number("Thủ tục", "Procedures handled.", f"sum({_LEVELS})"),
        number(
            "Chờ xác nhận mức độ",
            "Online services with a level of an older scheme that nobody has confirmed.",
            "max(hoso_registry_level_proposals)",
        ),
        by_unit(
            "Tỷ lệ toàn trình theo đơn vị",
            "Share of the procedures a unit handles that are full; click a unit to see it alone.",
            f"sort_desc(unit:hoso_registry_procedures_full:ratio{{{_HANDLED}}})",
            unit=PERCENT,
            board=UID,
        ),
        by_unit(
            "Tỷ lệ toàn trình hoặc một phần theo đơn vị",
            "Share of the procedures a unit handles that are full or partial.",
            f"sort_desc(unit:hoso_registry_procedures_online:ratio{{{_HANDLED}}})",
            unit=PERCENT,
            board=UID,
        ),
        rows("Thủ tục theo mức độ", "By unit and level.", [f"sum by (unit, level) ({_LEVELS}) > 0"], names=names),
        rows(
            "Theo từng văn bản",
            "By unit and the level as each decision words it.",
            [f"sum by (unit, scheme, level) (hoso_registry_procedures_by_scheme{{{_HANDLED}}}) > 0"],
            names=names,
        ),
    ]


def _use() -> list[panels.AnyPanel]:
    return [
        by_unit(
            "Tỷ lệ nộp trực tuyến theo đơn vị",
            "Share of the dossiers received that came online.",
            'sort_desc(unit:hoso_registry_dossiers_online:ratio{unit=~"$unit"})',
            unit=PERCENT,
            board=UID,
        ),
        lines(
            "Tỷ lệ nộp trực tuyến",
            "The same over time, with all units together.",
            {
                "{{unit}}": 'unit:hoso_registry_dossiers_online:ratio{unit=~"$unit"}',
                "tất cả": "hoso_registry_dossiers_online:ratio",
            },
            unit=PERCENT,
        ),
    ]


def _targets() -> list[panels.AnyPanel]:
    by = "max by (target, metric, scope)"
    return [
        rows(
            "Chỉ tiêu và mức đạt",
            "Targets in force: what is to be reached, what is reached in the year so far.",
            [f"{by} (hoso_registry_target)", f"{by} (hoso_registry_target_reached_ratio)"],
            names={
                "target": "Chỉ tiêu",
                "metric": "Đo bằng",
                "scope": "Phạm vi",
                "Value #A": "Phải đạt",
                "Value #B": "Đã đạt",
            },
            unit=PERCENT,
        ),
        lines(
            "Còn thiếu so với chỉ tiêu",
            "Above zero: so much is missing.",
            {"{{target}}": "hoso_registry_target:missing"},
            unit=PERCENT,
        ),
        rows(
            "Căn cứ của chỉ tiêu",
            "Where each target comes from.",
            ["hoso_registry_target_source_info"],
            names={"target": "Chỉ tiêu", "legal_basis": "Căn cứ", "evidence": "Mức tin cậy", "source": "Nguồn"},
        ),
        lines(
            "Tử số và mẫu số",
            "What counts towards each target, and of how much it is a share.",
            {
                "{{target}}": "hoso_registry_target_numerator",
                "{{target}} /": "hoso_registry_target_denominator",
            },
        ),
    ]


def _qd766() -> list[panels.AnyPanel]:
    top = 'unit=~"$unit|all"'
    return [
        rows(
            "Điểm theo chỉ số",
            "Points known and points that could be reached, of the year so far.",
            [
                f"max by (unit, indicator) (hoso_registry_qd766_score{{{top}}})",
                "max by (indicator) (hoso_registry_qd766_max_score)",
            ],
            names={"unit": "Đơn vị", "indicator": "Chỉ số", "Value #A": "Điểm", "Value #B": "Tối đa"},
        ),
        lines(
            "Điểm theo nhóm",
            "Points of each group, of the indicators whose points are known.",
            {"{{unit}} {{group}}": f"hoso_registry_qd766_group_score{{{top}}}"},
        ),
        lines(
            "Tỷ lệ theo chỉ số",
            "The ratio of each indicator for the year so far.",
            {"{{unit}} {{indicator}}": f"hoso_registry_qd766_ratio{{{top}}}"},
            unit=PERCENT,
        ),
        number(
            "Tính cách đây",
            "Age of these figures; red where the alert HosoFiguresOld looks.",
            "time() - max(hoso_registry_figures_computed_timestamp_seconds)",
            unit=SECONDS,
            levels=_OLD,
        ),
    ]
