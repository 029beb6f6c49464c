"""What the dashboards are made of; titles are Vietnamese, descriptions English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import bargauge, common, dashboard, stat, table, timeseries
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models.dashboard import (
    Dashboard,
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    Panel,
    RowPanel,
    Threshold,
    ThresholdsMode,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
GREEN, YELLOW, RED = "green", "yellow", "red"
PERCENT, SECONDS, SHORT, BYTES, PER_SECOND = "percentunit", "s", "short", "bytes", "cps"
STARTED = "hoso_ready and on (job, instance) (time() - process_start_time_seconds < 120)"
_HEIGHT, _COLUMNS = 8, 24
AnyPanel = Builder[Panel]


@dataclass(frozen=True)
class Levels:
    """Where a value turns yellow and red; ``falling`` where a low value is the bad one."""

    red: float
    yellow: float | None = None
    falling: bool = False

    def thresholds(self) -> dashboard.ThresholdsConfig:
        """Return them as Grafana has them."""
        steps = [Threshold(None, RED if self.falling else GREEN)]
        if self.falling:
            middle = [] if self.yellow is None else [Threshold(self.red, YELLOW)]
            steps += [*middle, Threshold(self.red if self.yellow is None else self.yellow, GREEN)]
        else:
            steps += [] if self.yellow is None else [Threshold(self.yellow, YELLOW)]
            steps.append(Threshold(self.red, RED))
        return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def number(title: str, about: str, expression: str, *, unit: str = SHORT, levels: Levels | None = None) -> AnyPanel:
    """Return one number; red and yellow where there are levels."""
    panel = stat.Panel().title(title).description(about).unit(unit).datasource(SOURCE).height(4).span(4)
    panel = panel.with_target(_query(expression).instant()).no_value("–")
    panel = panel.color_mode(common_models.BigValueColorMode.VALUE).reduce_options(_newest())
    return panel.thresholds(levels.thresholds() if levels else _plain())


def _newest() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _plain() -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps([Threshold(None, "text")])


def lines(
    title: str,
    about: str,
    expressions: Mapping[str, str],
    *,
    unit: str = SHORT,
    levels: Levels | None = None,
    span: int = 12,
) -> AnyPanel:
    """Return lines over time; expressions by their legends, which may name labels."""
    panel = timeseries.Panel().title(title).description(about).unit(unit).datasource(SOURCE).height(_HEIGHT).span(span)
    panel = panel.min(0).fill_opacity(8).show_points(common_models.VisibilityMode.NEVER)
    for place, (legend, expression) in enumerate(expressions.items()):
        panel = panel.with_target(_query(expression, place).legend_format(legend))
    if levels is not None:
        style = common.GraphThresholdsStyleConfig().mode(common_models.GraphThresholdsStyleMode.DASHED)
        panel = panel.thresholds(levels.thresholds()).thresholds_style(style)
    return panel


def by_unit(
    title: str, about: str, expression: str, *, board: str, unit: str = SHORT, levels: Levels | None = None
) -> AnyPanel:
    """Return a bar for each unit, which leads to the board of that unit alone."""
    link = dashboard.DashboardLink("Xem riêng đơn vị này").url(f"/d/{board}?var-unit=${{__field.labels.unit}}")
    panel = bargauge.Panel().title(title).description(about).unit(unit).datasource(SOURCE).height(_HEIGHT).span(12)
    panel = panel.with_target(_query(expression).instant().legend_format("{{unit}}")).data_links([link]).min(0)
    panel = panel.orientation(common_models.VizOrientation.HORIZONTAL).reduce_options(_newest())
    return panel.thresholds(levels.thresholds() if levels else _plain())


def rows(
    title: str, about: str, expressions: Sequence[str], *, names: Mapping[str, str], unit: str = SHORT
) -> AnyPanel:
    """Return a table of what expressions find now, joined by their labels; names of columns in Vietnamese."""
    panel = table.Panel().title(title).description(about).unit(unit).datasource(SOURCE).height(_HEIGHT).span(12)
    for place, expression in enumerate(expressions):
        panel = panel.with_target(_query(expression, place).instant().format(PromQueryFormat.TABLE))
    hidden = {"excludeByName": {"Time": True, "job": True, "instance": True}, "renameByName": dict(names)}
    panel = panel.with_transformation(DataTransformerConfig(id_val="merge", options={}))
    return panel.with_transformation(DataTransformerConfig(id_val="organize", options=hidden))


def _query(expression: str, place: int = 0) -> Dataquery:
    return Dataquery().expr(expression).datasource(SOURCE).ref_id(chr(ord("A") + place))


def board(
    uid: str, title: str, about: str, *, rows: Mapping[str, Sequence[AnyPanel]], units: bool, days: int
) -> Dashboard:
    """Return a dashboard: rows of panels under their titles, the source and, where asked for, the units to choose."""
    made = dashboard.Dashboard(title).uid(uid).description(about).tags(["hoso"]).timezone("Asia/Ho_Chi_Minh")
    made = made.time(f"now-{days}d", "now").refresh("1m").readonly().with_variable(_sources())
    if units:
        made = made.with_variable(_units())
    others = dashboard.DashboardLink("Bảng khác").type(DashboardLinkType.DASHBOARDS).tags(["hoso"])
    made = made.link(others.as_dropdown(as_dropdown=True).keep_time(keep_time=True).include_vars(include_vars=True))
    started = dashboard.AnnotationQuery().name("Khởi động, triển khai").datasource(SOURCE).enable(enable=True)
    made = made.annotation(started.icon_color("blue").expr(STARTED))
    for name, panels in rows.items():
        made = made.with_row(dashboard.Row(name))
        for panel in panels:
            made = made.with_panel(panel)
    built = made.build()
    _lay_out(built.panels or [])
    return built


def _lay_out(panels: Sequence[Panel | RowPanel]) -> None:
    """Number panels and put them side by side; the SDK begins a new line only after a full one."""
    x = y = height = 0
    for position, panel in enumerate(panels, start=1):
        panel.id_val, place = position, panel.grid_pos
        assert place is not None
        if isinstance(panel, RowPanel) or x + place.w > _COLUMNS:
            x, y, height = 0, y + height, 0
        if isinstance(panel, RowPanel):
            place.w, place.h = _COLUMNS, 1
        place.x, place.y = x, y
        x, height = x + place.w, max(height, place.h)


def _sources() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("source").label("Nguồn số liệu").type("prometheus")


def _units() -> dashboard.QueryVariable:
    found = dashboard.QueryVariable("unit").label("Đơn vị").description("units with procedures or dossiers")
    found = found.datasource(SOURCE).query(
        'label_values({__name__=~"hoso_registry_dossiers|hoso_registry_procedures"}, unit)'
    )
    found = found.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.ALPHABETICAL_ASC)
    everything = VariableOption(selected=True, text="Tất cả", value="$__all")
    return found.multi(multi=True).include_all(include_all=True).all_value(".+").current(everything)
