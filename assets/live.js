/* 安網: pages that show again what has changed, and say so where somebody is at work. Every page works
   without it. Nothing is written over what somebody types. */
"use strict";
(function () {
  var body = document.body, topic = body.getAttribute("data-live");
  var seconds = Number(body.getAttribute("data-refresh"));
  var line = document.getElementById("live"), again = line && line.querySelector("a");

  /* byItself: nobody asked for it, so that it is no use of the session; whose session is over meanwhile, leaves */
  function open(url, byItself) {
    return fetch(url, { headers: byItself ? { Accept: "text/html", "X-Refresh": "1" } : { Accept: "text/html" }, credentials: "same-origin" }).then(function (answer) {
      if (byItself && answer.redirected && !fields(document).some(isTouched)) location.reload();
      return answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer.status);
    }).then(function (text) { return new DOMParser().parseFromString(text, "text/html"); });
  }
  function tell(on) {
    if (!again) return;
    again.href = location.href;
    again.hidden = !on;
  }

  /* boards put their parts in place by themselves; not while somebody reads a menu or types */
  function inField(el) { return el && /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(el.tagName) && el.type !== "checkbox"; }
  function busy() { return inField(document.activeElement) || document.querySelector("details.pick[open], dialog[open], .card details[open]") || document.hidden; }
  function refresh() {
    if (busy()) return Promise.resolve(false);
    return open(location.href, true).then(function (fresh) {
      if (busy()) return false;
      document.querySelectorAll("[data-part]").forEach(function (old) {
        var now = fresh.querySelector('[data-part="' + old.getAttribute("data-part") + '"]');
        var focus = document.activeElement && old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        if (!now) return;
        old.replaceWith(now);
        if (focus) { var same = now.querySelector('a[href="' + focus + '"]'); if (same) same.focus(); }
      });
      return true;
    }).catch(function () { return false; /* the page keeps what it shows */ });
  }
  if (seconds > 0) setInterval(function () { refresh().then(function (done) { if (done) tell(false); }); }, seconds * 1000);

  /* the whole page anew, where one stands, with what was typed */
  function fields(root) { return Array.prototype.slice.call(root.querySelectorAll("input[name], select[name], textarea[name]")).filter(function (el) { return el.type !== "hidden"; }); }
  function nameOf(el) {
    var form = el.form && el.form.getAttribute("action");
    return [form, el.name, el.type === "radio" || el.type === "checkbox" ? el.value : ""].join("\n");
  }
  function isTouched(el) {
    if (el.type === "radio" || el.type === "checkbox") return el.checked !== el.defaultChecked;
    if (el.tagName !== "SELECT") return el.value !== el.defaultValue;
    var first = Array.prototype.findIndex.call(el.options, function (o) { return o.defaultSelected; });
    return el.selectedIndex !== (first < 0 ? 0 : first);
  }
  /* false: something that was typed has no place in the fresh page */
  function carry(from, to) {
    var places = fields(to);
    return fields(from).filter(isTouched).every(function (el) {
      var place = places.find(function (other) { return nameOf(other) === nameOf(el); });
      if (!place) return false;
      if (el.type === "radio" || el.type === "checkbox") place.checked = el.checked;
      else place.value = el.value;
      for (var up = place.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
      return place.value === el.value;
    });
  }
  function renew() {
    var x = window.scrollX, y = window.scrollY;
    open(location.href, false).then(function (fresh) {
      var old = document.getElementById("main"), now = fresh.getElementById("main"), held = document.activeElement;
      var name = inField(held) && old.contains(held) && held.name ? nameOf(held) : null;
      if (!now) return Promise.reject(0);
      now = document.importNode(now, true);
      if (!carry(old, now)) { window.open(location.href, "_blank", "noopener"); return; } /* nothing typed is lost */
      old.replaceWith(now);
      line = document.getElementById("live");
      again = line && line.querySelector("a");
      window.scrollTo(x, y);
      var place = name && fields(now).find(function (el) { return nameOf(el) === name; });
      if (place) place.focus({ preventScroll: true });
      else now.focus({ preventScroll: true });
    }).catch(function () { location.assign(location.href); });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("#live a") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    renew();
  });

  /* the server says when; only while somebody can see the page */
  var source = null, last = body.getAttribute("data-at"), report = body.getAttribute("data-report"), wait = 10, timer = 0, due = 0;
  function hear(event) {
    last = event.lastEventId || last;
    wait = 10;
    if (!seconds || busy()) { tell(true); return; }
    if (due) return; /* one refresh for much that happens at once */
    due = setTimeout(function () {
      due = 0;
      refresh().then(function (done) { tell(!done); });
    }, 500);
  }
  function listen() {
    clearTimeout(timer);
    if (source || document.hidden) return;
    source = new EventSource("/events?after=" + encodeURIComponent(last) + (report ? "&report=" + encodeURIComponent(report) : ""));
    source.addEventListener(topic, hear);
    source.addEventListener("error", function () {
      if (!source || source.readyState !== 2) return; /* else it tries again by itself */
      source = null;
      timer = setTimeout(listen, wait * 1000);
      wait = Math.min(wait * 2, 600);
    });
  }
  function hush() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }
  if (!topic || last === "0" || !window.EventSource) return;
  listen();
  document.addEventListener("visibilitychange", function () { if (document.hidden) hush(); else listen(); });
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", listen);
})();
