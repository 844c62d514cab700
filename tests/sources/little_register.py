"""A register of three acts that keeps every rule: a licence, the quota of a year, and the suspension of the licence."""

EVENTS = """\
event_id,process,process_role,announced_on,date_precision,effective_on,ended_on,actor,counterparty,layer,direction,foreign_supply,\
instrument,legal_force,status,scope,reach,stage,elements,title,summary,confidence,best_source,\
actor_kind,offer,content
licence,,only,2024-03-10,day,2024-06-01,,CHN,,export_control,strengthens,tightens,\
export_licence,binding,in_force,ree,global,separation,all,A licence,Needed from June.,high,official,,,
quota,,only,2024-05,month,2024-01-01,2024-12-31,CHN,,industrial_policy,neutral,neutral,\
production_quota,binding,expired,ree,global,mining,all,A quota,For the year.,high,official_copy,,,
suspension,,only,2025-02-01,day,2025-02-01,,CHN,,export_control,weakens,eases,\
export_licence,binding,in_force,ree,global,separation,all,A suspension,Of the licence.,medium,other,,,
"""
STATUS = """\
event_id,status,valid_from,valid_from_precision,valid_to,documented_on,recorded_on,superseded_by,reason
licence,adopted,2024-03-10,day,2024-06-01,2024-03-10,2026-11-24,,announced before its start
licence,in_force,2024-06-01,day,2025-02-01,2024-03-10,2026-11-24,,dates as the row gives them
licence,suspended,2025-02-01,day,,2025-02-01,2026-11-24,suspension,
quota,in_force,2024-01-01,day,2024-12-31,2024-05,2026-11-24,,quota period as printed
quota,expired,2025-01-01,day,,2024-05,2026-11-24,,end of the period it names
suspension,in_force,2025-02-01,day,,2025-02-01,2026-11-24,,
"""
CODES = """\
event_id,layer,direction,foreign_supply,instrument,legal_force,status,scope,reach,note
licence,export_control,strengthens,tightens,export_licence,binding,in_force,ree,global,
quota,industrial_policy,neutral,neutral,production_quota,binding,expired,ree,global,
suspension,export_control,weakens,eases,export_licence,binding,in_force,ree,global,
twin,export_control,weakens,eases,export_licence,binding,in_force,ree,global,
"""
CODES_2 = """\
event_id,layer,direction,foreign_supply,instrument,legal_force,status,scope,reach,note
licence,export_control,neutral,tightens,export_licence,binding,in_force,ree,global,
quota,industrial_policy,neutral,neutral,production_quota,binding,expired,ree,global,
suspension,export_control,weakens,eases,export_licence,binding,in_force,ree,global,what is suspended keeps its instrument
twin,export_control,weakens,eases,export_licence,binding,in_force,ree,global,
"""
SOURCES = """\
event_id,rank,document_id,kind,extent
licence,1,text-a,official,whole
licence,2,text-b,other,
quota,1,text-b,official_copy,partial
suspension,1,text-b,other,
"""
HS = """\
event_id,hs6,nomenclature,basis,scope_share,note_id,note
licence,284690,HS2017/HS2022,printed,part,n1,
licence,850511,HS2022,assigned,part,n1,magnets
quota,253090,HS2022,assigned,unknown,,
"""
FILES = {
    "events.csv": EVENTS,
    "status.csv": STATUS,
    "codes_coder_1.csv": CODES,
    "codes_coder_2.csv": CODES_2,
    "codes_final.csv": CODES,
    "merged_away.csv": "event_id,merged_into,reason\ntwin,suspension,the same act\n",
    "sources.csv": SOURCES,
    "hs.csv": HS,
    "notes.csv": "note_id,note\nn1,named in item 1\n",
}
CONTROL_LISTS = """\
announcement,event_id,item_no,element,item,hs10,hs6,control_code,document_id,note
18 of 2025,licence,1.a,Sm,metal,2805301910,280530,1C902.a,text-a,
18 of 2025,licence,1.b,Sm,targets,3824999922;8486909110,382499;848690,1C902.a,text-a,
18 of 2025,licence,1.c,Sm,magnets,,,1C902.a,text-a,no code printed
55 of 2025,licence,1,superhard,wire,71051020,710510,,text-b,8 digits
"""
