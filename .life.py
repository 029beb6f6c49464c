"""Demo on the embedded stack with a Prometheus beside it; which queries return nothing?"""
import json, sys, tempfile, time, pathlib, re
from urllib3 import request
from deploy.demo import __main__ as demo
from deploy.demo.stage import Hoso, embedded
from deploy.demo.subscriber import Subscriber
from deploy.demo.clerk import Clerk
from deploy.demo.scans import scans_in
from deploy.local.monitoring import Prometheus
from deploy.monitoring.render import main as render
from deploy.monitoring.rules_files import rules
from deploy.monitoring.boards import documents
from shared.kafka import KafkaLog
folder = pathlib.Path(tempfile.mkdtemp(prefix="mon-life-"))
out = folder/"out"; out.mkdir()
render([str(folder/"rules")])
began=time.monotonic()
with embedded() as settings, Hoso(folder/"hoso", settings) as hoso:
    targets = {"intake":[f"127.0.0.1:{hoso._ops_ports['INTAKE']}"],"registry":[f"127.0.0.1:{hoso._ops_ports['REGISTRY']}"],
      "ocr":[f"127.0.0.1:{hoso._ops_ports[p]}" for p in ("OCR_EXPRESS","OCR_BULK")]}
    with Prometheus(folder/"prom", targets, scrape_interval_seconds=1, rules=folder/"rules") as prom, \
         Subscriber(lambda: KafkaLog(demo.kafka_settings(settings))) as subscriber, Clerk(hoso.intake_url) as clerk:
        demo.drive(scans_in(demo.SPECIMENS), out, hoso, subscriber=subscriber, clerk=clerk, began=began)
        time.sleep(20)
        def ask(expr):
            a=request("GET", f"{prom.url}/api/v1/query", fields={"query":expr})
            d=a.json()
            return d
        empty=[]; n=0
        asked=[]
        for path,text in documents().items():
            b=json.loads(text)
            for p in b["panels"]:
                for t in p.get("targets",[]):
                    asked.append((path.split('/')[-1]+" · "+p["title"],t["expr"]))
            for a in b["annotations"]["list"]: asked.append((path+" annotation",a["expr"]))
        for r in rules():
            asked.append((r.get("record") or r["alert"], r["expr"]))
        for where,e in asked:
            q=e.replace("$__rate_interval","1m").replace("$unit",".+")
            d=ask(q); n+=1
            if d["status"]!="success": print("ERROR",where,q,d)
            elif not d["data"]["result"]: empty.append((where,q))
            elif all(x["value"][1]=="NaN" for x in d["data"]["result"]): empty.append((where+" [NaN]",q))
        print("asked",n,"empty",len(empty))
        for w,e in empty: print("EMPTY",w,"|",e.replace("\n"," ")[:150])
        print("ALERTS", ask("ALERTS")["data"]["result"])
        print("series", ask('count({__name__=~"hoso.*|unit:.*"})')["data"]["result"])
        print("by name top", [(r["metric"]["__name__"],r["value"][1]) for r in ask('topk(8,count by (__name__)({__name__=~"hoso.*"}))')["data"]["result"]])
        print("targets up", ask("up")["data"]["result"])
