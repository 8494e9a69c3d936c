/* 安網: what makes the pages quicker. Every page works without it. */
"use strict";
(function () {
  var keysOff = "anwang.keys-off";
  function off() { try { return localStorage.getItem(keysOff) === "1"; } catch (e) { return false; } }
  function inField(el) { return el && /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(el.tagName) && el.type !== "checkbox"; }

  /* rows: what j and k walk over */
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("main [data-row] a, main .todo .t-t, main .card h3 a, main .tbl tbody tr td:first-child a")); }
  function move(step) {
    var all = rows(), at = all.indexOf(document.activeElement);
    var next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) next.focus();
  }

  var keys = document.getElementById("keys");
  function help(event) {
    if (!keys || !keys.showModal) return;
    if (event) event.preventDefault();
    if (!keys.open) keys.showModal();
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a") : null;
    if (!link) return;
    if (link.getAttribute("href") === "#keys") help(event);
    else if (keys && keys.open && keys.contains(link)) { event.preventDefault(); keys.close(); }
    else if (link.hasAttribute("data-leave")) { event.preventDefault(); location.replace(link.href); }
    else if (link.hasAttribute("data-print")) { event.preventDefault(); window.print(); }
  });

  /* what is folded in a table is on paper all the same */
  var unfolded = [];
  window.addEventListener("beforeprint", function () {
    unfolded = Array.prototype.slice.call(document.querySelectorAll("td details:not([open])"));
    unfolded.forEach(function (d) { d.open = true; });
  });
  window.addEventListener("afterprint", function () { unfolded.forEach(function (d) { d.open = false; }); });

  /* a page's own keys: data-press names those that press the button or follow the link. Once a page:
     a key held down settles one pair, not ten */
  var pressed = false;
  function press(event) {
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key, found = null;
    document.querySelectorAll("[data-press]").forEach(function (el) {
      if (el.getAttribute("data-press").split(" ").indexOf(key) >= 0) found = el;
    });
    if (!found || event.target !== document.body && key === "Enter") return false;
    if (!pressed && !event.repeat) { pressed = true; found.click(); }
    return true;
  }
  window.addEventListener("pageshow", function () { pressed = false; });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || off() || inField(event.target) && !(event.target.tagName === "BUTTON" && /^[a-z0-9]$/i.test(event.key))) return;
    if (event.key === "/") {
      var find = document.getElementById("find");
      if (find) { event.preventDefault(); find.focus(); }
    } else if (press(event)) event.preventDefault();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "?") help();
    else if (/^[1-9]$/.test(event.key)) {
      var choice = document.querySelector('[data-key="' + event.key + '"]');
      if (choice) { choice.checked = true; choice.focus(); }
    }
  });

  var box = document.getElementById("keys-off");
  if (box) {
    box.checked = off();
    box.addEventListener("change", function () { try { localStorage.setItem(keysOff, box.checked ? "1" : "0"); } catch (e) { /* this session only */ } });
  }

  /* one menu open at a time; a click elsewhere closes it */
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.pick[open], details.who-m[open]").forEach(function (d) { if (!d.contains(event.target)) d.open = false; });
  });

  /* a choice in a filter sends it at once; the button is for those without script */
  document.documentElement.classList.add("has-js");
  document.addEventListener("change", function (event) {
    if (event.target.hasAttribute && event.target.hasAttribute("data-submit") && event.target.form) event.target.form.submit();
  });

  /* a file goes as text of its form: base64url, as long as a form may be */
  var file = document.getElementById("sheet-file");
  if (file) file.addEventListener("change", function () {
    var chosen = file.files[0], say = document.getElementById("sheet-say"), reader = new FileReader();
    say.textContent = chosen && chosen.size > 700000 ? file.getAttribute("data-large") : "";
    if (!chosen || say.textContent) return;
    reader.onload = function () {
      var text = String(reader.result);
      file.form.elements.file.value = text.slice(text.indexOf(",") + 1).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
      file.form.submit();
    };
    reader.readAsDataURL(chosen);
  });

  var problems = document.querySelector(".problems");
  if (problems) problems.focus();
})();
