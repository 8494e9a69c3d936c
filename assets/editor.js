/* 安網: the decision tables of a draft, edited with dmn-js. Its bpmn.io mark stays where it puts it. Without
 * this, or without dmn-js, the page edits the same text. */
"use strict";
(function () {
  var form = document.getElementById("edit"), box = document.getElementById("dmn");
  if (!form || !box || !window.DmnJS) return;

  var zh = document.documentElement.lang.slice(0, 2) === "zh";
  var own = zh ? {
    bad: "編輯器讀不懂這份內容，請在下方修改文字。", dirty: "有未儲存的修改", typed: "將以下方修改過的文字儲存", table: "決策表", whole: "全圖"
  } : {
    bad: "The editor cannot read this; change the text below.", dirty: "There are unsaved changes", typed: "The text changed below will be saved", table: "table", whole: "Diagram"
  };

  /* The page allows no style but the style sheet's. What dmn-js writes as attributes and elements of style
   * goes the way that is allowed, through the object model. */
  var html = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    configurable: true, enumerable: true, get: html.get,
    set: function (text) {
      text = String(text);
      if (!/\sstyle=/.test(text)) return html.set.call(this, text);
      html.set.call(this, text.replace(/(\s)style=/g, "$1data-own-style="));
      Array.prototype.forEach.call(this.querySelectorAll("[data-own-style]"), function (el) {
        el.style.cssText = el.getAttribute("data-own-style");
        el.removeAttribute("data-own-style");
      });
    }
  });
  var set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (String(name).toLowerCase() === "style" && this.style) this.style.cssText = value;
    else set.call(this, name, value);
  };
  var make = document.createElement;
  document.createElement = function (name, options) {
    if (String(name).toLowerCase() !== "style") return make.call(document, name, options);
    var stand = make.call(document, "meta"), sheet = new CSSStyleSheet(), held = "";
    document.adoptedStyleSheets = document.adoptedStyleSheets.concat(sheet);
    Object.defineProperty(stand, "textContent", {
      get: function () { return held; },
      set: function (text) { held = text; sheet.replaceSync(text); }
    });
    return stand;
  };

  /* dmn-js shows one annotation a rule, its description; a table may have several columns of them (where a
   * row comes from, what it says). While it is edited they are the lines of the one. */
  var folds = true;
  function kids(node, name) {
    return Array.prototype.filter.call(node.children, function (kid) { return kid.localName === name; });
  }
  function make_in(parent, name) {
    return parent.ownerDocument.createElementNS(parent.namespaceURI, (parent.prefix ? parent.prefix + ":" : "") + name);
  }
  function rewrite(xml, change) {
    var doc = new DOMParser().parseFromString(xml, "application/xml");
    if (doc.getElementsByTagName("parsererror").length > 0) return xml;
    Array.prototype.forEach.call(doc.getElementsByTagNameNS("*", "decisionTable"), change);
    return new XMLSerializer().serializeToString(doc);
  }
  function fold(xml) {
    folds = !/<(?:\w+:)?rule[^>]*>\s*<(?:\w+:)?description/.test(xml); /* then the file has its own */
    return !folds ? xml : rewrite(xml, function (table) {
      kids(table, "rule").forEach(function (rule) {
        var lines = kids(rule, "annotationEntry").map(function (entry) { return entry.textContent.trim(); });
        if (lines.length === 0) return;
        var all = make_in(rule, "description");
        all.textContent = lines.join("\n");
        rule.insertBefore(all, rule.firstChild);
      });
    });
  }
  function unfold(xml) {
    return !folds ? xml : rewrite(xml, function (table) {
      var columns = kids(table, "annotation").length;
      if (columns === 0) return;
      kids(table, "rule").forEach(function (rule) {
        var all = kids(rule, "description")[0], lines = all ? all.textContent.split("\n") : [];
        if (all) rule.removeChild(all);
        kids(rule, "annotationEntry").forEach(function (entry) { rule.removeChild(entry); });
        for (var i = 0; i < columns; i++) {
          var entry = make_in(rule, "annotationEntry"), words = make_in(entry.ownerDocument.documentElement, "text");
          words.textContent = i < columns - 1 ? lines[i] || "" : lines.slice(i).join(" ");
          entry.appendChild(words);
          rule.appendChild(entry);
        }
      });
    });
  }

  var words = {
    "Activate hand tool": "移動畫面", "Activate lasso tool": "框選", "Add cell description": "加上儲存格說明",
    "Add input": "新增輸入欄", "Add input column left": "在左側新增輸入欄", "Add input column right": "在右側新增輸入欄",
    "Add output": "新增輸出欄", "Add output column left": "在左側新增輸出欄", "Add output column right": "在右側新增輸出欄",
    "Add parameter": "新增參數", "Add predefined values": "新增選項", "Add rule": "新增一列", "Add rule above": "在上方新增一列",
    "Add rule below": "在下方新增一列", "Add text annotation": "加上註解", "Add values": "新增值", "After": "之後", "And": "且",
    "Annotation": "依據", "Annotations": "依據", "Append business knowledge model": "接上共用規則", "Append decision": "接上決策",
    "Append input data": "接上輸入資料", "Append knowledge source": "接上依據來源", "Before": "之前", "Between": "介於",
    "Boolean value": "是或否", "Change cell expression language": "改用其他語法", "Change type": "改類型",
    "Clear predefined values": "清除選項", "Comparison": "比較", "Comparison operator": "比較方式",
    "Connect to other element": "連到其他項目", "Copy input column": "複製輸入欄", "Copy output column": "複製輸出欄",
    "Copy rule": "複製這一列", "Create decision": "新增決策", "Create input data": "新增輸入資料", "Create knowledge model": "新增共用規則",
    "Create knowledge source": "新增依據來源", "Custom values": "自訂值", "Cut input column": "剪下輸入欄",
    "Cut output column": "剪下輸出欄", "Cut rule": "剪下這一列", "Date": "日期", "Date and time": "日期與時間",
    "Date and time value": "日期與時間", "Date value": "日期", "Decision name": "決策名稱", "Decision name: ": "決策名稱：",
    "Definition ID": "代碼", "Definition name": "名稱", "Delete": "刪除", "Duration value": "期間", "Edit": "編輯",
    "Edit boolean": "編輯是或否", "Edit date": "編輯日期", "Edit date and time": "編輯日期與時間", "Edit duration": "編輯期間",
    "Edit end date": "編輯結束日期", "Edit end date and time": "編輯結束日期與時間", "Edit end time": "編輯結束時間",
    "Edit formal parameters": "編輯參數", "Edit function kind": "編輯函式種類", "Edit input": "編輯輸入欄", "Edit number": "編輯數字",
    "Edit output": "編輯輸出欄", "Edit start date": "編輯開始日期", "Edit start date and time": "編輯開始日期與時間",
    "Edit start time": "編輯開始時間", "Edit string": "編輯文字", "Edit time": "編輯時間",
    "Editing not supported for set expression language": "這個語法不能在此編輯", "Element name": "名稱", "End date": "結束日期",
    "End date and time": "結束日期與時間", "End time": "結束時間", "End value": "最大值", "Enter expression": "輸入運算式",
    "Equals": "等於", "Exactly": "等於", "Exclude": "不含", "Expression": "運算式", "Expression language": "語法",
    "Expression language:": "語法：", "Expression language: {expressionLanguageLabel}": "語法：{expressionLanguageLabel}",
    "Function kind: {kind}": "函式種類：{kind}", "Greater": "大於", "Greater or equals": "大於或等於", "Hit policy": "命中方式",
    "Hit policy:": "命中方式：", "Include": "包含", "Input": "輸入", "Input expression": "輸入運算式", "Input expression: ": "輸入運算式：",
    "Input label": "輸入欄名稱", "Input label: ": "輸入欄名稱：", "Input type": "輸入類型", "Input values": "輸入值", "Kind": "種類",
    "Less": "小於", "Less or equals": "小於或等於", "Literal expression": "運算式", "Literal expression editor": "運算式編輯",
    "Match none": "都不符合", "Match one": "符合其一", "Move rule": "移動這一列", "No": "否", "No values": "沒有值", "Output": "輸出",
    "Output label": "輸出欄名稱", "Output label: ": "輸出欄名稱：", "Output name": "輸出代碼", "Output name: ": "輸出代碼：",
    "Output type": "輸出類型", "Output values": "輸出值", "Paste input column left": "在左側貼上輸入欄",
    "Paste input column right": "在右側貼上輸入欄", "Paste output column left": "在左側貼上輸出欄",
    "Paste output column right": "在右側貼上輸出欄", "Paste rule above": "在上方貼上", "Paste rule below": "在下方貼上",
    "Predefined values": "選項", "Range": "範圍", "Range end operator": "上限含不含", "Range end value": "上限",
    "Range start operator": "下限含不含", "Range start value": "下限", "Remove cell description": "刪除儲存格說明",
    "Remove input column": "刪除輸入欄", "Remove output column": "刪除輸出欄", "Remove parameter": "刪除參數", "Remove rule": "刪除這一列",
    "Resize": "調整大小", "Search in diagram": "搜尋", "Set date": "設定日期", "Set date and time": "設定日期與時間",
    "Set duration": "設定期間", "Set time": "設定時間", "Set value": "設定值", "Start date": "開始日期",
    "Start date and time": "開始日期與時間", "Start time": "開始時間", "Start value": "最小值", "String value": "文字",
    "Strings must be in double quotes": "文字要加雙引號", "Test type": "比較方式", "Then": "則", "Time": "時間", "Time value": "時間",
    "Type": "類型", "Use now": "現在", "Use today": "今日", "Value": "值", "Values": "值", "Variable name": "變數名稱",
    "Variable name:": "變數名稱：", "Variable type": "變數類型", "Variable type:": "變數類型：", "View DRD": "看全圖", "When": "當",
    "Yes": "是", "name": "名稱", "string": "文字", "boolean": "是否", "number": "數字", "date": "日期",
    "Unique": "唯一一列", "First": "第一個符合的列", "Priority": "最急的列", "Any": "符合的列結果相同", "Collect": "所有符合的列",
    "Rule order": "依列的順序", "Output order": "依輸出的順序", "Collect (Sum)": "加總", "Collect (Min)": "最小", "Collect (Max)": "最大",
    "Collect (Count)": "計數"
  };
  function translate(text, values) {
    values = values || {};
    return ((zh && words[text]) || text).replace(/\{\s*([^}\s]+)\s*\}/g, function (all, name) {
      return name in values ? values[name] : all;
    });
  }

  var text = document.getElementById("model"), say = document.getElementById("edit-say"),
    tabs = document.getElementById("edit-tables"), details = document.getElementById("edit-text");
  var dirty = false, typed = false, sending = false, views = [];
  box.hidden = false;
  /* what its style sheet writes into columns without a name */
  box.style.setProperty("--dmn-input", JSON.stringify(translate("Input")));
  box.style.setProperty("--dmn-output", JSON.stringify(translate("Output")));
  tabs.hidden = false;
  var view = { additionalModules: [{ translate: ["value", translate] }] };
  var editor = new window.DmnJS({ container: box, drd: view, decisionTable: view, literalExpression: view, boxedExpression: view });

  function changed() { dirty = true; if (!typed) say.textContent = own.dirty; }
  editor.on("viewer.created", function (event) { event.viewer.on("commandStack.changed", changed); });
  text.addEventListener("input", function () { typed = dirty = true; say.textContent = own.typed; });
  window.addEventListener("beforeunload", function (event) {
    if (dirty && !sending) { event.preventDefault(); event.returnValue = ""; }
  });

  function label(view) {
    if (view.type === "drd") return own.whole;
    return view.element.get("label") || view.name || view.id;
  }
  function show(view) {
    editor.open(view).then(function () {
      Array.prototype.forEach.call(tabs.children, function (tab, i) {
        if (views[i] === view) tab.setAttribute("aria-current", "page");
        else tab.removeAttribute("aria-current");
      });
    });
  }
  function list() {
    views = editor.getViews().filter(function (view) { return view.type !== "boxedExpression"; });
    tabs.textContent = "";
    views.forEach(function (view) {
      var tab = make.call(document, "a");
      tab.href = "#dmn";
      tab.textContent = label(view);
      tab.dataset.view = view.id;
      tab.addEventListener("click", function (event) { event.preventDefault(); show(view); });
      tabs.appendChild(tab);
    });
  }

  editor.importXML(fold(text.value)).then(function () {
    var wanted = form.dataset.table;
    list();
    show(views.find(function (view) { return view.id === wanted; }) ||
      views.find(function (view) { return view.type === "decisionTable"; }) || views[0]);
    dirty = false;
    say.textContent = "";
    form.classList.add("ready");
  }).catch(function () {
    typed = true;
    box.hidden = tabs.hidden = true;
    details.open = true;
    say.textContent = own.bad;
  });

  form.addEventListener("submit", function (event) {
    if (typed) { sending = true; return; }
    event.preventDefault();
    if (document.activeElement && document.activeElement.blur) document.activeElement.blur(); /* ends a cell that is typed in */
    setTimeout(function () {
      editor.saveXML({ format: true }).then(function (saved) {
        text.value = unfold(saved.xml);
        sending = true;
        form.submit();
      });
    }, 50);
  });
})();
