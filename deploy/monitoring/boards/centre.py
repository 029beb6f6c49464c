"""For the manager of a one-stop centre: dossiers, due dates, channels."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.monitoring.boards import panels
from deploy.monitoring.boards.panels import PERCENT, Levels, by_unit, lines, number, rows
from deploy.monitoring.rules_files import limit

UID = "hoso-manager"
_U = 'unit=~"$unit"'
_RECEIVED, _SETTLED = f"hoso_registry_dossiers_received{{{_U}}}", f"hoso_registry_dossiers_settled{{{_U}}}"
_OPEN, _OVERDUE = f"hoso_registry_dossiers_open{{{_U}}}", f"hoso_registry_dossiers_overdue{{{_U}}}"
_IN_TIME = f'sum(hoso_registry_dossiers_settled{{{_U},timeliness=~"early|on_time"}}) / (sum({_SETTLED}) > 0)'
_ONLINE = f'sum(hoso_registry_dossiers_received{{{_U},channel="online"}}) / (sum({_RECEIVED}) > 0)'
_FASTER = Levels(limit("HosoDossiersOverdueFasterThanSettled"))
_GROWTH = f"unit:hoso_registry_dossiers_overdue:increase1d{{{_U}}}"


def board() -> Dashboard:
    """Return the dashboard."""
    return panels.board(
        UID,
        "Hồ sơ tại bộ phận một cửa",
        "For the manager of a one-stop centre: dossiers, due dates and channels, by competent unit.",
        rows={"Hiện nay": _now(), "Thời hạn": _due(), "Tiếp nhận và giải quyết": _flow()},
        units=True,
        days=30,
    )


def _now() -> list[panels.AnyPanel]:
    return [
        number("Đang giải quyết", "Dossiers accepted and not settled.", f"sum({_OPEN})"),
        number(
            "Quá hạn", "Open dossiers past their due date, paused ones left out.", f"sum({_OVERDUE})", levels=Levels(1)
        ),
        number("Đúng hạn", "Share settled early or on time.", _IN_TIME, unit=PERCENT),
        number("Nộp trực tuyến", "Share of the dossiers received that came online.", _ONLINE, unit=PERCENT),
        number(
            "Tiếp nhận 30 ngày",
            "Dossiers received in the last 30 days.",
            f"sum(unit:hoso_registry_dossiers_received:increase30d{{{_U}}})",
        ),
        number(
            "Giải quyết 30 ngày",
            "Dossiers settled in the last 30 days.",
            f"sum(unit:hoso_registry_dossiers_settled:increase30d{{{_U}}})",
        ),
    ]


def _due() -> list[panels.AnyPanel]:
    return [
        by_unit(
            "Hồ sơ quá hạn theo đơn vị",
            "Open dossiers past their due date; click a unit to see it alone.",
            f"sort_desc(sum by (unit) ({_OVERDUE}))",
            levels=Levels(1),
            board=UID,
        ),
        lines(
            "Quá hạn tăng thêm trong một ngày",
            "How many more are overdue than a day ago; above the line and above what was settled, an alert is told.",
            {"{{unit}}": _GROWTH},
            levels=_FASTER,
        ),
        lines(
            "Giải quyết trong một ngày",
            "Dossiers settled in the last day, by unit: compare with the growth of the overdue.",
            {"{{unit}}": f"unit:hoso_registry_dossiers_settled:increase1d{{{_U}}}"},
        ),
        lines(
            "Đang giải quyết theo số ngày kể từ khi tiếp nhận",
            "Open dossiers by their age in days.",
            {"{{age}}": f"sum by (age) ({_OPEN})"},
        ),
        lines(
            "Tỷ lệ đúng hạn theo đơn vị",
            "Share of the settled dossiers that were early or on time.",
            {"{{unit}}": f"unit:hoso_registry_dossiers_in_time:ratio{{{_U}}}"},
            unit=PERCENT,
        ),
        lines(
            "Tỷ lệ quá hạn trong số đang giải quyết",
            "Share of the open dossiers that are overdue.",
            {"{{unit}}": f"unit:hoso_registry_dossiers_open_overdue:ratio{{{_U}}}"},
            unit=PERCENT,
        ),
    ]


def _flow() -> list[panels.AnyPanel]:
    return [
        lines(
            "Tiếp nhận theo kênh",
            "Dossiers received so far, by channel.",
            {"{{channel}}": f"sum by (channel) ({_RECEIVED})"},
        ),
        lines(
            "Giải quyết theo thời hạn",
            "Dossiers settled so far: early, on time, overdue.",
            {"{{timeliness}}": f"sum by (timeliness) ({_SETTLED})"},
        ),
        rows(
            "Hồ sơ theo trạng thái",
            "Dossiers by unit and status, now.",
            [f"sum by (unit, status) (hoso_registry_dossiers{{{_U}}}) > 0"],
            names={"unit": "Đơn vị", "status": "Trạng thái", "Value": "Hồ sơ"},
        ),
        rows(
            "Số hóa hồ sơ, thành phần, kết quả",
            "Dossiers with every component digitised, components and results digitised, by unit.",
            [f"sum by (unit, object) (hoso_registry_digitised{{{_U}}})"],
            names={"unit": "Đơn vị", "object": "Đối tượng", "Value": "Đã số hóa"},
        ),
    ]
