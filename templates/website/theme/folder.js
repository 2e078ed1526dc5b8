// Search in a site that was opened from a folder: browsers start no worker there (HTML Standard,
// "worker": its address must be of the page's origin, and a file has none). The theme's worker
// runs in a hidden frame instead, which inherits the page's policy. The theme looks for this name.
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentDocument;
      inside.open(); // or Firefox would put an empty page over this one a little later
      inside.write("<!doctype html><title>-</title>");
      inside.close();
      const load = (source) =>
        new Promise((done, failed) => {
          const script = inside.createElement("script");
          script.onload = done;
          script.onerror = failed;
          script.src = source;
          inside.body.append(script);
        });
      this.scope = frame.contentWindow;
      this.scope.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.scope.importScripts = async (...sources) => {
        for (const source of sources) await load(source);
      };
      this.ready = load(address);
    }

    async postMessage(data) {
      await this.ready;
      this.scope.dispatchEvent(new MessageEvent("message", { data }));
    }
  };
}
