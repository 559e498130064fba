// Signing out in one tab ends the session of the browser: its other tabs are told, so that nobody goes on working
// (or reading) in one that was left open. They are told by the page that follows, when the cookie is gone for sure.
(function () {
  const key = "dify_signing_out";
  const tabs = new BroadcastChannel("dify-session");
  const isPublic = () => /^\/(chat|signin|signup|activate|reset-password|install)(\/|$)/.test(location.pathname);
  if (sessionStorage.getItem(key)) {
    sessionStorage.removeItem(key);
    tabs.postMessage("signed-out");
  }
  tabs.addEventListener("message", (event) => {
    if (event.data === "signed-out" && !isPublic()) {
      location.reload();
    }
  });
  addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && new URL(event.target.action).pathname === "/signout") {
      sessionStorage.setItem(key, "1");
    }
  });
})();
