"""The order of a month: the one list of what happens, first to last.

Every month people work, the state collects and issues grain, people eat, waste, die, conceive, give birth
and move, and offices book it. At the end of a harvest month the crop is reaped, sown anew, reported and
asked for; at the end of December the export plan is set and everybody grows older.
Adding a mechanism: one file in `mechanisms/`, one line here.
"""

from dearth.system.mechanism import Mechanism
from dearth.system.mechanisms import (
    ageing,
    audits,
    births,
    bodies,
    collection,
    communal_dining,
    commune,
    concealment,
    conceptions,
    deaths,
    eating,
    export_plans,
    external_trade,
    false_reports,
    feeding,
    field_work,
    grain_exports,
    grain_imports,
    harvest,
    labour,
    land_works,
    local_events,
    migration,
    needs,
    private_plots,
    procurement,
    prospecting,
    registers,
    relief,
    reporting,
    resale,
    rural_industry,
    settlement,
    sharing,
    shipments,
    sowing,
    storage,
    targets,
    technique_campaigns,
    training,
    urban_ration,
    weather,
    work_incentives,
)

ORDER: tuple[Mechanism, ...] = (
    # work
    local_events.MECHANISM,
    needs.MECHANISM,
    labour.MECHANISM,
    communal_dining.MECHANISM,
    commune.MECHANISM,
    rural_industry.MECHANISM,
    land_works.MECHANISM,
    prospecting.MECHANISM,
    training.MECHANISM,
    settlement.MECHANISM,
    work_incentives.MECHANISM,
    field_work.MECHANISM,
    # the state's grain
    audits.MECHANISM,
    collection.MECHANISM,
    external_trade.MECHANISM,
    grain_exports.MECHANISM,
    grain_imports.MECHANISM,
    shipments.MECHANISM,
    urban_ration.MECHANISM,
    resale.MECHANISM,
    relief.MECHANISM,
    # the bowl
    sharing.MECHANISM,
    storage.MECHANISM,
    feeding.MECHANISM,
    private_plots.MECHANISM,
    eating.MECHANISM,
    # bodies and people
    bodies.MECHANISM,
    deaths.MECHANISM,
    conceptions.MECHANISM,
    births.MECHANISM,
    migration.MECHANISM,
    registers.MECHANISM,
    # at the end of a harvest month
    weather.MECHANISM,
    harvest.MECHANISM,
    concealment.MECHANISM,
    false_reports.MECHANISM,
    reporting.MECHANISM,
    targets.MECHANISM,
    procurement.MECHANISM,
    technique_campaigns.MECHANISM,
    sowing.MECHANISM,
    # at the end of December
    export_plans.MECHANISM,
    ageing.MECHANISM,
)
IDS = tuple(m.id for m in ORDER)
GROUPS = tuple(dict.fromkeys(m.group for m in ORDER if m.group))
