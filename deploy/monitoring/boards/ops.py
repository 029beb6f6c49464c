"""For those who run hoso: services, Kafka, store, databases, error budgets."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.monitoring.boards import panels
from deploy.monitoring.boards.panels import BYTES, PER_SECOND, PERCENT, SECONDS, Levels, lines, number, rows
from deploy.monitoring.rules_files import limit

UID = "hoso-ops"
_UNANNOUNCED = Levels(limit("HosoPapersUnannounced"), 5)
_BEHIND = Levels(limit("HosoProjectionBehind"))
_EXPRESS_BUDGET, _ANNOUNCEMENT_BUDGET = 0.01, 0.001
_DOWN, _GONE = Levels(1, falling=True), Levels(0.001, 0.25, falling=True)
_FAST = Levels(14.4, 6)


def board() -> Dashboard:
    """Return the dashboard."""
    return panels.board(
        UID,
        "Vận hành hoso",
        "For those who run hoso: services, Kafka, the store, the databases, the error budgets.",
        rows={
            "Dịch vụ": _services(),
            "Ngân sách lỗi": _budgets(),
            "Nhật ký sự kiện (Kafka)": _log(),
            "Kho và cơ sở dữ liệu": _stores(),
            "API": _api(),
            "Tiến trình": _processes(),
        },
        units=False,
        days=1,
    )


def _services() -> list[panels.AnyPanel]:
    ready = 'max(hoso_ready{{service=~"{}.*"}})'  # the registry may be two: registry-api and registry-projection
    parts = {"intake": "Tiếp nhận", "registry": "Sổ theo dõi", "ocr-express": "Làn nhanh", "ocr-bulk": "Làn lưu trữ"}
    return [
        *(
            number(title, f"1 where a process of {service} can do its work.", ready.format(service), levels=_DOWN)
            for service, title in parts.items()
        ),
        number(
            "Báo động đang mở",
            "Alerts that fire now.",
            'count(ALERTS{alertstate="firing"}) or vector(0)',
            levels=Levels(1),
        ),
        rows(
            "Đang báo động",
            "Alerts that fire now; each has its heading in docs/runbook.md.",
            ['ALERTS{alertstate="firing"}'],
            names={"alertname": "Báo động", "severity": "Mức"},
        ),
        rows(
            "Phần gặp trục trặc",
            "Parts that cannot do their work now.",
            ["max by (service, part) (hoso_troubled)"],
            names={"service": "Dịch vụ", "part": "Phần"},
        ),
        lines(
            "Sẵn sàng",
            "Processes that are ready, by service.",
            {"{{service}}": "sum by (service) (hoso_ready)"},
            levels=_DOWN,
        ),
    ]


def _budgets() -> list[panels.AnyPanel]:
    express, announced = "hoso:express_papers_late:ratio", "hoso:papers_announced_late:ratio"
    return [
        number(
            "Làn nhanh: ngân sách còn (3 ngày)",
            "Of 1 % of the express papers that may take longer than 60 s, at the pace of the last 3 days.",
            f"1 - {express}3d / {_EXPRESS_BUDGET}",
            unit=PERCENT,
            levels=_GONE,
        ),
        number(
            "Thông báo: ngân sách còn (3 ngày)",
            "Of 0.1 % of the papers that may be announced later than 5 s, at the pace of the last 3 days.",
            f"1 - {announced}3d / {_ANNOUNCEMENT_BUDGET}",
            unit=PERCENT,
            levels=_GONE,
        ),
        lines(
            "Làn nhanh: tốc độ tiêu ngân sách",
            "1 uses the budget up in just 30 days; a page comes above 14.4 (1 h) or 6 (6 h).",
            {window: f"{express}{window} / {_EXPRESS_BUDGET}" for window in ("5m", "1h", "6h", "1d", "3d")},
            levels=_FAST,
        ),
        lines(
            "Thông báo: tốc độ tiêu ngân sách",
            "1 uses the budget up in just 30 days; a page comes above 14.4 (1 h) or 6 (6 h).",
            {window: f"{announced}{window} / {_ANNOUNCEMENT_BUDGET}" for window in ("5m", "1h", "6h", "1d", "3d")},
            levels=_FAST,
        ),
    ]


def _log() -> list[panels.AnyPanel]:
    return [*_announced(), *_followed(), *_irregular()]


def _announced() -> list[panels.AnyPanel]:
    return [
        lines(
            "Chưa thông báo, lâu nhất",
            "Age of the oldest event the broker has not heard; an alert looks at intake's.",
            {
                "intake": "max(hoso_intake_unannounced_oldest_seconds)",
                "registry": "max(hoso_registry_unannounced_oldest_seconds)",
            },
            unit=SECONDS,
            levels=_UNANNOUNCED,
        ),
        lines(
            "Chưa thông báo, số sự kiện",
            "Events the broker has not heard.",
            {"intake": "max(hoso_intake_unannounced_events)", "registry": "max(hoso_registry_unannounced_events)"},
        ),
    ]


def _followed() -> list[panels.AnyPanel]:
    return [
        lines(
            "Chưa đọc hết",
            "Records of the log not projected; above the line an alert is told.",
            {"registry": "max(hoso_registry_projection_lag_records)"},
            levels=_BEHIND,
        ),
        lines(
            "Làn: bản ghi chưa xong, phân vùng",
            "As the workers know; no partitions: nobody works on the lane.",
            {
                "{{lane}} bản ghi": "sum by (lane) (hoso_ocr_lag_records)",
                "{{lane}} phân vùng": "sum by (lane) (hoso_ocr_partitions)",
            },
        ),
        lines(
            "Từ tiếp nhận đến thông báo",
            "The middle and the 99th of 100 papers.",
            {
                f"{share:.0%}": f"histogram_quantile({share}, sum by (le) "
                "(rate(hoso_intake_announcement_seconds_bucket[$__rate_interval])))"
                for share in (0.5, 0.99)
            },
            unit=SECONDS,
        ),
    ]


def _irregular() -> list[panels.AnyPanel]:
    return [
        lines(
            "Bản ghi bất thường",
            "Events missing, double, late, not readable, of unknown types.",
            {
                "thiếu": "max(hoso_registry_events_missing)",
                "lặp": "sum(increase(hoso_registry_events_duplicate_total[1h]))",
                "muộn": "sum(increase(hoso_registry_events_out_of_order_total[1h]))",
                "không đọc được": "sum(increase(hoso_registry_events_undecodable_total[1h]))",
                "loại lạ": "sum(increase(hoso_registry_events_unknown_total[1h]))",
            },
        ),
        number(
            "Sự kiện mới nhất cách đây",
            "Age of the newest event projected.",
            "time() - max(hoso_registry_projection_last_event_timestamp_seconds)",
            unit=SECONDS,
        ),
    ]


def _stores() -> list[panels.AnyPanel]:
    store = 'max(hoso_ready{service="intake"}) - (max(hoso_troubled{service="intake",part="store"}) or vector(0))'
    return [
        number("Sổ hồ sơ (CSDL)", "1 where intake's ledger answers.", "max(hoso_intake_ledger_up)", levels=_DOWN),
        number("CSDL tra cứu", "1 where the registry's database answers.", "max(hoso_registry_up)", levels=_DOWN),
        number("Kho tệp", "1 where intake is ready and its store answers.", store, levels=_DOWN),
        number(
            "Nhận vào",
            "Bytes of files taken in a second.",
            "sum(rate(hoso_intake_upload_bytes_total[$__rate_interval]))",
            unit="Bps",
        ),
    ]


def _api() -> list[panels.AnyPanel]:
    return [
        lines(
            "Yêu cầu theo kết quả",
            "Requests intake answered, by status.",
            {"{{status}}": "sum by (status) (rate(hoso_intake_requests_total[$__rate_interval]))"},
            unit=PER_SECOND,
        ),
        lines(
            "Thời gian trả lời (95 %)",
            "The 95th of 100 requests, by route.",
            {
                "{{route}}": "histogram_quantile(0.95, sum by (route, le) "
                "(rate(hoso_intake_request_seconds_bucket[$__rate_interval])))"
            },
            unit=SECONDS,
        ),
        lines(
            "Chuyển sang phần mềm chuyên ngành",
            "Attempts of transfers, by outcome.",
            {"{{outcome}}": "sum by (outcome) (increase(hoso_intake_transfer_attempts_total[1h]))"},
        ),
    ]


def _processes() -> list[panels.AnyPanel]:
    return [
        lines(
            "Bộ nhớ",
            "Resident memory of each process.",
            {"{{job}} {{instance}}": _ours("process_resident_memory_bytes")},
            unit=BYTES,
        ),
        lines(
            "CPU",
            "Cores each process uses.",
            {"{{job}} {{instance}}": _ours("rate(process_cpu_seconds_total[$__rate_interval])")},
        ),
        lines(
            "Tệp đang mở",
            "Share of the open files allowed.",
            {"{{job}} {{instance}}": f"{_ours('process_open_fds')} / {_ours('process_max_fds')}"},
            unit=PERCENT,
        ),
    ]


def _ours(metric: str) -> str:
    return f"({metric} and on (job, instance) hoso_ready)"
