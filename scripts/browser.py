#!/usr/bin/env python3
"""Drives headless Chromium through its debugging pipe: what a reader does with a report, and what the checkers ask.

usage: browser.py PAGE STEPS.json   (the page's path; a list of steps), prints one JSON object:
  {"messages": [...], "requests": [...], "dialogs": [...], "results": [...]}
Steps, each an object with one of these members:
  media      {"scheme": "dark"|"light", "type": "print"|"screen"}      emulates it
  size       {"width": 390, "height": 844, "scale": 1}                 emulates it
  evaluate   "JavaScript": its value, JSON, goes to results (a promise is awaited)
  axe        "axe.min.js": runs axe-core's rules for WCAG 2.2 AA and best practice; the violations go to results
  key        "Tab", "Enter", …: pressed as on a keyboard
  picture    "out.png": the visible part; with "whole": true the whole page
  print      "out.pdf": with "paper": [width, height] in inches
  downloads  "folder": where files that the page saves land
  reload     true

Only the standard library: the pipe speaks JSON between NULs (Chrome DevTools Protocol, --remote-debugging-pipe).
"""
import base64, json, os, select, shutil, subprocess, sys, tempfile, time, pathlib


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp()
        out_read, self.out = os.pipe()
        self.inp, in_write = os.pipe()

        def wire():
            # Chromium reads commands from descriptor 3 and writes answers to 4.
            high = (os.dup(out_read), os.dup(in_write))
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            close_fds=False, preexec_fn=wire, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(out_read)
        os.close(in_write)
        self.number, self.buffer, self.session = 0, b"", None
        self.messages, self.requests, self.dialogs, self.loaded = [], [], [], False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def receive(self):
        deadline = time.monotonic() + 120
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.inp], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise SystemExit("browser: no answer for two minutes")
            part = os.read(self.inp, 1 << 20)
            if not part:
                raise SystemExit("browser: chromium ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        kind, about = event.get("method"), event.get("params", {})
        if kind == "Runtime.consoleAPICalled":
            self.messages.append(" ".join(str(a.get("value", a.get("description"))) for a in about["args"]))
        elif kind == "Runtime.exceptionThrown":
            self.messages.append(about["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif kind == "Log.entryAdded":
            self.messages.append(about["entry"]["text"])
        elif kind == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif kind == "Page.javascriptDialogOpening":
            self.dialogs.append(about["message"])
            self.send("Page.handleJavaScriptDialog", accept=True)
        elif kind == "Page.loadEventFired":
            self.loaded = True

    def send(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        return self.number

    def call(self, method, **params):
        number = self.send(method, **params)
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise SystemExit(f"browser: {method}: {answer['error'].get('message')}")
                return answer["result"]
            self.note(answer)

    def open(self, url):
        self.loaded = False
        self.call("Page.navigate", url=url)
        while not self.loaded:
            self.note(self.receive())

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"browser: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


AXE = """axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
.then(r => r.violations.map(v => v.id + ": " + v.help + " (" + v.nodes.length + ") " + v.nodes[0].html.slice(0, 200)))"""


def step(browser, step, results):
    if "media" in step:
        features = [{"name": "prefers-color-scheme", "value": step["media"].get("scheme", "light")}]
        browser.call("Emulation.setEmulatedMedia", media=step["media"].get("type", ""), features=features)
    if "size" in step:
        size = step["size"]
        browser.call("Emulation.setDeviceMetricsOverride", width=size["width"], height=size["height"],
                     deviceScaleFactor=size.get("scale", 1), mobile=False)
    if "downloads" in step:
        session, browser.session = browser.session, None
        browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=os.path.abspath(step["downloads"]))
        browser.session = session
    if "reload" in step:
        browser.loaded = False
        browser.call("Page.reload")
        while not browser.loaded:
            browser.note(browser.receive())
    if "evaluate" in step:
        results.append(browser.evaluate(step["evaluate"]))
    if "axe" in step:
        browser.evaluate(pathlib.Path(step["axe"]).read_text() + ";0")
        results.append(browser.evaluate(AXE))
    if "key" in step:
        text = {"Enter": "\r", "Space": " "}.get(step["key"])
        key = {"Space": " "}.get(step["key"], step["key"])
        code = {"Tab": 9, "Enter": 13, "Space": 32}.get(step["key"], 0)
        extra = {"text": text} if text else {}
        browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=step["key"],
                     windowsVirtualKeyCode=code, **extra)
        browser.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=step["key"], windowsVirtualKeyCode=code)
    if "picture" in step:
        image = browser.call("Page.captureScreenshot", captureBeyondViewport=step.get("whole", False))
        pathlib.Path(step["picture"]).write_bytes(base64.b64decode(image["data"]))
    if "print" in step:
        width, height = step.get("paper", [8.27, 11.69])
        pdf = browser.call("Page.printToPDF", paperWidth=width, paperHeight=height, preferCSSPageSize=False,
                           printBackground=False)
        pathlib.Path(step["print"]).write_bytes(base64.b64decode(pdf["data"]))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    steps = json.loads(pathlib.Path(sys.argv[2]).read_text())
    browser, results = Browser(), []
    try:
        browser.open(pathlib.Path(sys.argv[1]).resolve().as_uri())
        for one in steps:
            step(browser, one, results)
        browser.evaluate("new Promise(r => setTimeout(r, 200))")
    finally:
        browser.close()
    json.dump({"messages": browser.messages, "requests": browser.requests, "dialogs": browser.dialogs,
               "results": results}, sys.stdout)


main()
