"""For the lead of digitisation: lanes, pages, confidence, the queue of reviews, failures."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.monitoring.boards import panels
from deploy.monitoring.boards.panels import PER_SECOND, PERCENT, SECONDS, Levels, lines, number, rows
from deploy.monitoring.rules_files import limit

UID = "hoso-lead"
OBJECTIVE = 0.99
_WAITING = Levels(limit("HosoExpressPapersWaiting"), 60)
_REVIEW = Levels(limit("HosoReviewsWaiting"))
_IN_WORK = "max by (lane) (hoso_intake_papers_in_work)"


def _quantile(share: float, metric: str) -> str:
    return f"histogram_quantile({share}, sum by (lane, le) (rate({metric}_bucket[$__rate_interval])))"


def board() -> Dashboard:
    """Return the dashboard."""
    return panels.board(
        UID,
        "Số hóa giấy tờ",
        "For the lead of digitisation: lanes, pages, confidence, the queue of reviews, failures.",
        rows={"Hiện nay": _now(), "Làn xử lý": _lanes(), "Trang": _pages(), "Kiểm tra": _reviews(), "Lỗi": _failures()},
        units=False,
        days=1,
    )


def _now() -> list[panels.AnyPanel]:
    return [
        number(
            "Đang chờ tại quầy",
            "Papers of the express lane not done.",
            'max(hoso_intake_papers_in_work{lane="express"})',
        ),
        number(
            "Chờ lâu nhất tại quầy",
            "Age of the oldest of them; red where HosoExpressPapersWaiting looks.",
            'max(hoso_intake_papers_in_work_oldest_seconds{lane="express"})',
            unit=SECONDS,
            levels=_WAITING,
        ),
        number(
            "Xong trong 60 giây",
            "Share of the last day's express papers digitised within 60 s; the objective is 99 %.",
            "1 - hoso:express_papers_late:ratio1d",
            unit=PERCENT,
            levels=Levels(OBJECTIVE, falling=True),
        ),
        number("Chờ kiểm tra", "Reviews open or claimed.", "sum(max by (state) (hoso_intake_reviews))"),
        number(
            "Kiểm tra chờ lâu nhất",
            "Age of the oldest review; red where HosoReviewsWaiting looks.",
            "max(hoso_intake_review_oldest_seconds)",
            unit=SECONDS,
            levels=_REVIEW,
        ),
        number(
            "Đã số hóa, trang", "Pages of the newest documents of all papers.", "max(hoso_registry_digitised_pages)"
        ),
    ]


def _lanes() -> list[panels.AnyPanel]:
    return [
        lines("Giấy tờ đang chờ", "Papers accepted of which nothing came yet, by lane.", {"{{lane}}": _IN_WORK}),
        lines(
            "Chờ lâu nhất",
            "Age of the oldest paper not done, by lane.",
            {"{{lane}}": "max by (lane) (hoso_intake_papers_in_work_oldest_seconds)"},
            unit=SECONDS,
            levels=_WAITING,
        ),
        lines(
            "Từ tiếp nhận đến số hóa xong",
            "The middle and the 95th of 100 papers, by lane.",
            {
                "{{lane}} 50 %": _quantile(0.5, "hoso_intake_paper_seconds"),
                "{{lane}} 95 %": _quantile(0.95, "hoso_intake_paper_seconds"),
            },
            unit=SECONDS,
        ),
        lines(
            "Phân vùng và bản ghi chưa xong",
            "Partitions held by workers (none: nobody works on the lane) and records not finished.",
            {
                "{{lane}} phân vùng": "sum by (lane) (hoso_ocr_partitions)",
                "{{lane}} bản ghi": "sum by (lane) (hoso_ocr_lag_records)",
            },
        ),
        lines(
            "Trong khay chờ",
            "Scans in trays that no dossier has yet.",
            {"{{lane}}": "max by (lane) (hoso_intake_tray_papers)"},
        ),
        lines(
            "Tệp nhận vào",
            "Files taken, by lane and whether they are new.",
            {"{{lane}} {{result}}": "sum by (lane, result) (rate(hoso_intake_papers_total[$__rate_interval]))"},
            unit=PER_SECOND,
        ),
    ]


def _pages() -> list[panels.AnyPanel]:
    return [
        lines(
            "Trang mỗi giây",
            "Pages done, by what became of them.",
            {"{{lane}} {{result}}": "sum by (lane, result) (rate(hoso_ocr_pages_total[$__rate_interval]))"},
            unit=PER_SECOND,
        ),
        lines(
            "Thời gian một trang",
            "The middle and the 95th of 100 pages.",
            {
                "{{lane}} 50 %": _quantile(0.5, "hoso_ocr_page_seconds"),
                "{{lane}} 95 %": _quantile(0.95, "hoso_ocr_page_seconds"),
            },
            unit=SECONDS,
        ),
        lines(
            "Độ tin cậy của trang",
            "Mean word confidence of recognised pages, 0 to 100: the worst tenth and the middle.",
            {
                "{{lane}} 10 %": _quantile(0.1, "hoso_ocr_page_confidence"),
                "{{lane}} 50 %": _quantile(0.5, "hoso_ocr_page_confidence"),
            },
        ),
        lines(
            "Tỷ lệ trang lỗi",
            "Share of the pages that failed.",
            {
                "{{lane}}": 'sum by (lane) (rate(hoso_ocr_pages_total{result="failed"}[$__rate_interval]))'
                " / (sum by (lane) (rate(hoso_ocr_pages_total[$__rate_interval])) > 0)"
            },
            unit=PERCENT,
        ),
    ]


def _reviews() -> list[panels.AnyPanel]:
    return [
        lines("Hàng chờ kiểm tra", "Reviews not finished.", {"{{state}}": "max by (state) (hoso_intake_reviews)"}),
        lines(
            "Kết quả kiểm tra trong một ngày",
            "Reviews finished: confirmed where every answer was right, else changed.",
            {"{{outcome}}": "sum by (outcome) (increase(hoso_registry_reviews_total[1d]))"},
        ),
        lines(
            "Trường được kiểm tra trong một ngày",
            "Fields looked at, by the answer: how often the reading was right.",
            {"{{answer}}": "sum by (answer) (increase(hoso_registry_reviewed_fields_total[1d]))"},
        ),
        lines(
            "Giấy tờ chờ kiểm tra theo làn",
            "Papers whose newest document waits for a person.",
            {"{{lane}}": "max by (lane) (hoso_registry_papers_awaiting_review)"},
        ),
    ]


def _failures() -> list[panels.AnyPanel]:
    return [
        rows(
            "Để riêng trong một ngày",
            "Dead letters by lane and reason; HosoDeadLetters tells of new ones.",
            ["sum by (lane, reason) (increase(hoso_ocr_dead_letters_total[1d])) > 0"],
            names={"lane": "Làn", "reason": "Lý do", "Value": "Số lượng"},
        ),
        rows(
            "Tệp bị từ chối trong một ngày",
            "Files refused at the counter, by reason.",
            ["sum by (reason) (increase(hoso_intake_files_refused_total[1d])) > 0"],
            names={"reason": "Lý do", "Value": "Số lượng"},
        ),
        lines(
            "Giấy tờ theo kết quả",
            "Messages of the lanes handled, by outcome.",
            {"{{lane}} {{outcome}}": "sum by (lane, outcome) (rate(hoso_ocr_papers_total[$__rate_interval]))"},
            unit=PER_SECOND,
        ),
        lines(
            "Làm lại vì máy dừng giữa chừng",
            "Slices begun again because a worker went away with them.",
            {"{{lane}}": "sum by (lane) (increase(hoso_ocr_repeated_attempts_total[1h]))"},
        ),
        lines(
            "Giấy tờ theo tình trạng",
            "All papers, by what became of them.",
            {"{{state}}": "max by (state) (hoso_registry_papers)"},
        ),
    ]
