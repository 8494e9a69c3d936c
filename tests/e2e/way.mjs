// The whole way of one report in the browser: told by the public, screened, reviewed by another person,
// accepted, assigned, assessed, opened, visited, closed, counted. Screenshots of every page at 1280 and
// 390 px go to shots/.
//
// ANWANG names the program, ANWANG_DB a demo city that nobody else holds; ANWANG_SANDBOX=1: the server
// gives up what serving does not need. Prints TAP.
import { execFileSync } from 'node:child_process'
import { validate } from './openapi.mjs'
import { Test, Visitor, launch, serve } from './browser.mjs'

const ANWANG = process.env.ANWANG
const DB = process.env.ANWANG_DB
const POLICY = new URL('../../policy/keelung', import.meta.url).pathname
const PASSWORD = 'browser and nobody else'
const PEOPLE = [
  ['way.screener', 'screener', 'centre', '篩例一'],
  ['way.reviewer', 'dispatch_reviewer', 'centre', '複例二'],
  ['way.supervisor', 'supervisor', 'dv_adult', '督例三'],
  ['way.worker', 'worker', 'dv_adult', '社例四'],
  ['way.planner', 'planner', 'social_affairs', '統例五'],
  ['way.auditor', 'auditor', 'city_office', '稽例六'],
  ['way.admin', 'administrator', 'social_affairs', '資例七'],
]

if (!ANWANG || !DB) {
  console.error('ANWANG and ANWANG_DB are not set')
  process.exit(2)
}

const test = new Test()
const server = await serve(ANWANG, DB, POLICY, ...process.env.ANWANG_SANDBOX ? ['--require-sandbox'] : [])
const browser = await launch()
const open = (options) => Visitor.open(browser, test, server.origin, options)
const anwang = (args, input) => execFileSync(ANWANG, args, { input, encoding: 'utf8' })
const city = ['--db', DB, '--policy', POLICY]
const seen = {}

// what P2-S2-1 counts in December 110: each valid protective issue that was received
function counted() {
  const list = JSON.parse(anwang(['indicator', '--id', 'P2-S2-1', '--period', '110-12', '--as-of', '2022-01-31',
    '--format', 'json', ...city]))
  return list[0].denominator
}

async function signedIn(login) {
  const visitor = await open()
  await visitor.login(login, PASSWORD)
  return visitor
}

// whoever of the report's first two people the program could not recognise is somebody new
async function recognise(visitor) {
  for (const position of ['1', '2']) {
    const form = visitor.page.locator(`form[action$="/link"]:has(input[name=position][value="${position}"])`)
    if (await form.count() === 0) continue
    const button = form.locator('button[value=new], button[value=same]').last()
    await form.first().evaluate((node) => {
      for (let at = node; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
    })
    if (await button.count() > 0)
      await Promise.all([visitor.page.waitForNavigation(), button.click()])
    await visitor.sound()
  }
}

await test.step('accounts are made by the command while the server holds the database', () => {
  for (const [login, roles, unit, name] of PEOPLE)
    anwang(['user', 'add', login, '--name', name, '--title', '測試', '--unit', unit, '--roles', roles,
      '--password-file', '-', ...city], PASSWORD)
  seen.before = counted()
})

await test.step('the interface is a valid OpenAPI 3.1 document', async () => {
  const answer = await fetch(server.origin + '/openapi.json')
  await validate(await answer.json())
})

await test.step('the public tells what happened in four short steps, without JavaScript', async () => {
  const visitor = await open({ js: false })
  await visitor.go('/report')
  await visitor.shoot('report-1-kind')
  await visitor.send('/report', { kind: 'adult_ipv' }, { button: 'next' })
  await visitor.shoot('report-2-tell')
  await visitor.send('/report', {
    'incident.narrative': '昨天晚上她先生喝酒回家，用拳頭打她的臉，她跑到我家求救。孩子在場。',
    'incident.address': '基隆市信義區信二路1號',
    at_year: '110', at_month: '12', at_day: '5',
    'persons.0.name': '林示惠', 'persons.0.born': '36歲', 'persons.0.phone': '0900012345',
    'persons.1.name': '陳擬昌',
  }, { button: 'next' })
  await visitor.shoot('report-3-contact')
  await visitor.send('/report', { 'reporter.name': '鄰居示例', 'reporter.phone': '0900054321' },
    { button: 'next' })
  await visitor.shoot('report-4-check')
  await visitor.send('/report', {}, { button: 'send' })
  await visitor.shoot('report-5-receipt')
  const text = await visitor.text()
  seen.number = text.match(/RC\d{7}-\d{4}-\d/)?.[0]
  seen.code = text.match(/\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{2,4}){2,}\b/)?.[0]
  if (!seen.number || !seen.code) throw new Error('the receipt has no number or no code')
  await visitor.close()
})

await test.step('the status needs number and code, and tells no more than how far it is', async () => {
  const visitor = await open()
  await visitor.go('/status')
  await visitor.shoot('status-ask')
  await visitor.send('/status', { number: seen.number, code: seen.code })
  const right = await visitor.text()
  if (!/受理中|處理中/.test(right)) throw new Error('the status is not told')
  for (const secret of ['林示惠', '陳擬昌', '信二路'])
    if (right.includes(secret)) throw new Error(`the status tells ${secret}`)
  await visitor.shoot('status')
  await visitor.go('/status')
  await visitor.send('/status', { number: seen.number, code: '0000-0000-0000' })
  if (/受理中|處理中|已結束/.test(await visitor.text())) throw new Error('a wrong code is answered')
  await visitor.close()
})

await test.step('who is not signed in is led to the login, and a wrong password is told', async () => {
  const visitor = await open()
  await visitor.go('/work')
  if (!visitor.page.url().includes('/login')) throw new Error('the login does not stand before the work')
  await visitor.shoot('login')
  await visitor.expecting(403, () => visitor.send('/login', { login: 'way.screener', password: 'wrong' }))
  await visitor.shoot('login-refused')
  await visitor.close()
})

await test.step('the screener sees the report recognised and graded, takes it and submits it', async () => {
  const visitor = await signedIn('way.screener')
  await visitor.shoot('work-screener')
  await visitor.go('/reports')
  await visitor.shoot('reports')
  await visitor.go('/board')
  await visitor.sees(seen.number)
  await visitor.shoot('board')
  await visitor.go(`/reports/${seen.number}`)
  await visitor.sees('林示惠', '陳擬昌')
  await visitor.shoot('report-received')
  await visitor.send('/claim')
  await recognise(visitor)
  const issue = visitor.page.locator('form[action$="/screen"]')
  if (await issue.count() > 0) await visitor.send('/screen', { result: 'valid' })
  await visitor.shoot('report-screened')
  await visitor.print('report-printed')
  await visitor.send('/submit', { note: '人別與住址已電話確認' })
  await visitor.shoot('report-submitted')
  if (await visitor.page.locator('form[action$="/review"]').count() > 0)
    throw new Error('the screener is offered to review her own work')
  await visitor.go('/board/handover')
  await visitor.shoot('handover')
  await visitor.print('handover')
  await visitor.close()
})

await test.step('somebody of the demo city is recognised across the registers, field by field', async () => {
  const visitor = await signedIn('way.screener')
  await visitor.go('/board')
  const reports = await visitor.page.locator('main a[href^="/reports/RC"]').evaluateAll((nodes) =>
    [...new Set(nodes.map((node) => node.getAttribute('href')))])
  let best = 0
  for (const report of reports.slice(0, 15)) {
    await visitor.go(report)
    const cards = visitor.page.locator('details.hit')
    await cards.evaluateAll((nodes) => nodes.forEach((node) => { node.open = true }))
    const found = await cards.evaluateAll((nodes) => nodes.map((node) => ({
      registers: node.querySelectorAll('.regs > li').length,
      held: node.querySelectorAll('.regs > li.on').length,
      path: node.querySelector('a[href^="/people/"]')?.getAttribute('href'),
      levels: [...node.querySelectorAll('.ev .lvl')].map((level) => level.textContent.trim()).filter(Boolean).length,
    })))
    for (const hit of found) {
      if (hit.registers === 0) continue
      if (hit.registers !== 7) throw new Error(`${report} asks ${hit.registers} registers, not seven`)
      if (hit.held === 0) continue
      if (hit.levels !== 6) throw new Error(`${report} tells ${hit.levels} levels, not one a field`)
      if (hit.held > best && hit.path) {
        best = hit.held
        Object.assign(seen, { known: hit.path, recognised: report })
      }
    }
  }
  if (best === 0) throw new Error('nobody on the board is known to any register')
  await visitor.go(seen.recognised)
  await visitor.shoot('report-recognised')
  await visitor.close()
})

await test.step('a doubtful pair is settled by keyboard, taken back by keyboard, and settled again', async () => {
  const visitor = await signedIn('way.screener')
  const page = visitor.page
  const press = async (key) => {
    await Promise.all([page.waitForNavigation(), page.keyboard.press(key)])
    await visitor.sound()
  }
  const waiting = async () => Number((await visitor.text()).match(/共([\d,]+)筆/)[1].replace(',', ''))
  await visitor.go('/links')
  await visitor.shoot('links')
  await visitor.go('/links/next')
  await visitor.sees('這是同一個人嗎？', '證號', '姓名', '生日', '性別', '電話', '住址')
  await visitor.shoot('link')
  await visitor.print('link')
  const first = page.url(), before = await waiting()
  await press('j')
  if (page.url() === first) throw new Error('J does not lead to the next pair')
  await press('k')
  if (page.url() !== first) throw new Error('K does not lead back')
  await page.locator('#words').fill('jyn') // keys do nothing while somebody writes
  if (page.url() !== first) throw new Error('a key fires while somebody writes')
  await page.locator('h1').click()
  await press('n')
  await visitor.sees('您剛才判斷', '不是同一人')
  if (await waiting() !== before - 1) throw new Error('the pair still waits')
  await visitor.shoot('link-next')
  await press('z')
  if (await waiting() !== before) throw new Error('the pair does not wait again')
  await press('y')
  if (await waiting() !== before - 1) throw new Error('the pair was not settled')
  await visitor.close()
  const other = await signedIn('way.reviewer') // who comes later learns that it is settled
  await other.go(new URL(first).pathname)
  await other.sees('這一筆已有人判斷', '篩例一')
  await other.shoot('link-settled')
  await Promise.all([other.page.waitForNavigation(), other.page.keyboard.press('y')]) // and judges it, too
  await other.sees('與篩例一的判斷一致', '複例二')
  await other.shoot('link-second')
  await other.go('/links')
  await other.sees('兩人都判斷過 1筆，一致 1筆')
  await other.close()
})

await test.step('un-linking keeps the history, and taking it back restores', async () => {
  const visitor = await signedIn('way.screener')
  const page = visitor.page
  await visitor.go(seen.known)
  const at = await page.locator('.links > li').evaluateAll((nodes) =>
    nodes.findIndex((node) => node.querySelector('.st--ok')))
  if (at < 0) throw new Error('no record is linked to somebody whom a register knows')
  const record = page.locator('.links > li').nth(at)
  const told = async () => (await record.locator('> p').allInnerTexts()).join('\n')
  const before = await told()
  const change = async (choice, reason) => {
    const form = record.locator('form[action$="/link"]')
    await form.evaluate((node) => { node.closest('details').open = true })
    if (reason) await form.locator('[name=reason]').selectOption(reason)
    await Promise.all([page.waitForNavigation(), form.locator(`button[value="${choice}"]`).click()])
    await visitor.sound()
  }
  await change('other', 'wrong_before')
  const unlinked = await told()
  for (const word of ['不是同一人', '篩例一', '先前的判斷有誤'])
    if (!unlinked.includes(word)) throw new Error(`it is not un-linked: ${unlinked}`)
  await record.locator('details.past').first().evaluate((node) => { node.open = true })
  if (!(await record.innerText()).includes('改判')) throw new Error('what was before is not kept')
  await visitor.shoot('person-unlinked')
  await change('undo')
  if (await told() !== before) throw new Error(`${before} became ${await told()}`)
  await visitor.shoot('person-restored')
  await visitor.close()
})

await test.step('a pair is settled without JavaScript', async () => {
  const visitor = await open({ js: false })
  await visitor.login('way.screener', PASSWORD)
  await visitor.go('/links/next')
  const path = new URL(visitor.page.url()).pathname
  await visitor.send(path, { words: '再向登錄單位查證' }, { button: 'unsure' })
  await visitor.sees('已記下還不能判斷')
  await visitor.go(path)
  await visitor.sees('看過、還不能判斷', '再向登錄單位查證')
  await visitor.close()
})

await test.step('two people at one address are proposed as living together, and a person says so', async () => {
  const home = '基隆市信義區信二路9號7樓'
  const { receipt } = JSON.parse(anwang(['report', '-', ...city], JSON.stringify({ kind: 'vulnerable_family',
    channel: 'agency', reporter: { role: 'police', unit: '第一分局', name: '警例八' },
    incident: { narrative: '母親住院，祖母帶著孩子同住。', address: home },
    persons: [{ role: 'subject', name: '林例荷', sex: 'F', age: 9, address: home },
      { role: 'member', name: '林例蓮', sex: 'F', age: 66, address: home }] })))
  const visitor = await signedIn('way.screener')
  const page = visitor.page
  await visitor.go(`/reports/${receipt.number}`)
  await visitor.send('/claim')
  await recognise(visitor)
  await visitor.go(await page.locator('main a[href^="/people/"]').first().getAttribute('href'))
  const mates = page.locator('section[aria-labelledby=h-mates]')
  const told = async (...words) => {
    const text = await mates.innerText()
    for (const word of words) if (!text.includes(word)) throw new Error(`no ${word} in: ${text}`)
  }
  await told('林例', '同一門牌同一樓', '同姓', '待判斷')
  await visitor.shoot('person-mates')
  await visitor.send('/home', { reason: 'person_asked' }, { button: 'apart' })
  await told('不同住', '篩例一', '已向本人或家屬確認')
  await visitor.send('/home', {}, { button: 'undo' })
  await told('待判斷')
  await visitor.send('/home', { reason: 'documents' }, { button: 'together' })
  await told('同住', '篩例一', '已核對證件或戶籍資料')
  await page.locator('section[aria-labelledby=h-home]').getByText('同住者').waitFor()
  await visitor.shoot('person-mates-confirmed')
  await visitor.close()
})

await test.step('an open page hears of what another account does, and keeps what is typed', async () => {
  const reader = await signedIn('way.reviewer')
  const typist = await signedIn('way.reviewer')
  const screener = await signedIn('way.screener')
  const told = (visitor) => visitor.page.locator('#live a')
  const marked = (visitor, part) => visitor.page.locator(`${part}[data-old]`).count()
  const mark = (visitor, part) => visitor.page.locator(part).first().evaluate((node) => { node.dataset.old = '1' })
  const act = (words) => screener.page.evaluate(async ([path, narrative]) => {
    const csrf = document.querySelector('input[name=csrf]').value
    const answer = await fetch(path, { method: 'POST', body: new URLSearchParams({ csrf, narrative }) })
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
  }, [`/reports/${seen.number}/add`, words])
  const until = async (what, right) => {
    const end = Date.now() + 10000
    while (!await right()) {
      if (Date.now() > end) throw new Error(what)
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  await screener.go(`/reports/${seen.number}`)
  await reader.go('/board?urgent=1')
  await reader.page.locator('form.filters select').first().focus()
  await typist.go(`/reports/${seen.number}`)
  const note = typist.page.locator('form[action$="/review"] [name=note]')
  await note.fill('打到一半的字')
  await mark(typist, 'main')
  await new Promise((done) => setTimeout(done, 1500))
  for (const visitor of [reader, typist])
    if (await told(visitor).isVisible()) throw new Error(`${visitor.page.url()} tells of nothing`)
  await act('鄰居來電補充：今晨又聽到爭吵。')
  await told(reader).waitFor({ state: 'visible' })
  await told(typist).waitFor({ state: 'visible' })
  await reader.sees('看板已更新，重新整理')
  await typist.sees('本案已有新進度，重新整理')
  await reader.shoot('board-changed')
  await typist.shoot('report-changed')
  if (await marked(typist, 'main') !== 1) throw new Error('the page loaded itself over typed text')
  await told(typist).click()
  await until('the page does not come anew', async () => await marked(typist, 'main') === 0)
  if (await note.inputValue() !== '打到一半的字') throw new Error('what was typed is gone')
  if (await told(typist).isVisible()) throw new Error('the notice stays on the new page')
  // a board where nobody types puts its parts in place, with its filter
  await told(reader).click()
  await until('the notice stays', async () => !await told(reader).isVisible())
  await reader.page.evaluate(() => document.activeElement.blur())
  await mark(reader, '[data-part=board]')
  await act('鄰居再度來電。')
  await until('the board stays as it was', async () => await marked(reader, '[data-part=board]') === 0)
  if (new URL(reader.page.url()).search !== '?urgent=1') throw new Error('the filter is gone')
  for (const visitor of [reader, typist, screener]) {
    await visitor.sound()
    await visitor.close()
  }
})

await test.step('another person reviews and the units are told', async () => {
  const visitor = await signedIn('way.reviewer')
  await visitor.shoot('work-reviewer')
  await visitor.go(`/reports/${seen.number}`)
  await visitor.send('/review', { note: '同意' }, { button: 'approve' })
  await visitor.shoot('report-reviewed')
  await visitor.close()
})

await test.step("the unit's supervisor accepts and assigns a worker", async () => {
  const visitor = await signedIn('way.supervisor')
  await visitor.go('/board')
  await visitor.shoot('board-unit')
  await visitor.go(`/reports/${seen.number}`)
  await visitor.send('/dv_adult/accept')
  await visitor.shoot('report-accepted')
  await visitor.send('/dv_adult/assign', { worker: 'way.worker' })
  await visitor.shoot('report-assigned')
  await visitor.close()
})

await test.step('the worker visits, assesses, and asks to open a case', async () => {
  const visitor = await signedIn('way.worker')
  await visitor.shoot('work-worker')
  await visitor.sees(seen.number)
  await visitor.go(`/reports/${seen.number}`)
  await visitor.send('/acknowledge')
  await visitor.go(`/reports/${seen.number}/units/dv_adult/work`)
  await visitor.shoot('casework')
  await visitor.send('/work/contact', { form: 'home', outcome: 'met', note: '案主情緒平穩，願意接受服務。' })
  await visitor.send('/work/assess', { findings: '高度危險，需要安全計畫。' })
  await visitor.send('/work/decide', { reason: 'protection_needed' })
  await visitor.shoot('casework-decided')
  await visitor.close()
})

await test.step('the supervisor approves the opening', async () => {
  const visitor = await signedIn('way.supervisor')
  await visitor.go(`/reports/${seen.number}/units/dv_adult/work`)
  const approve = visitor.page.locator('form[action$="/work/approve"]')
  if (await approve.count() > 0) await visitor.send('/work/approve')
  await visitor.shoot('casework-approved')
  await visitor.page.locator('main a[href^="/people/"]').first().click()
  await visitor.sound()
  await visitor.shoot('person')
  seen.family = await visitor.page.locator('main a[href^="/families/"], main a[href^="/cases/"]').first()
    .getAttribute('href')
  await visitor.go(seen.family)
  seen.family = new URL(visitor.page.url()).pathname
  await visitor.shoot('family-supervisor')
  await visitor.close()
})

await test.step('the worker plans, visits again and asks to close', async () => {
  const visitor = await signedIn('way.worker')
  await visitor.go(seen.family)
  await visitor.sees('林示惠')
  await visitor.shoot('family')
  await visitor.print('family')
  await visitor.send('/goal', { goal: '搬到安全的住處', step: '陪同看屋', responsible: 'dv_adult',
    due: '110年12月20日' })
  await visitor.send('/contact', { form: 'phone', outcome: 'met', note: '電話關心，無新事件。' })
  await visitor.send('/close', { reason: 'goals_met' })
  await visitor.shoot('family-closing')
  await visitor.close()
})

await test.step('a mistyped date comes back with what was typed and what is wrong', async () => {
  const visitor = await signedIn('way.worker')
  await visitor.go(seen.family)
  await visitor.expecting(422, () => visitor.send('/contact', { form: 'phone', outcome: 'met',
    at_day: '110年13月40日', note: '這段話不能不見' }))
  if (!(await visitor.page.content()).includes('這段話不能不見')) throw new Error('what was typed is lost')
  await visitor.shoot('family-mistake')
  await visitor.close()
})

await test.step('the supervisor approves the closing', async () => {
  const visitor = await signedIn('way.supervisor')
  await visitor.go(seen.family)
  await visitor.send('/close/answer', {}, { button: 'approve' })
  await visitor.sees('我的工作')
  await visitor.shoot('work-after-closing')
  await visitor.close()
})

await test.step('the planner sees it counted, down to its row', async () => {
  if (counted() !== seen.before + 1) throw new Error(`${seen.before} became ${counted()}, not one more`)
  const visitor = await signedIn('way.planner')
  await visitor.go('/indicators')
  await visitor.shoot('indicators')
  const links = await visitor.page.locator('main a[href^="/indicators/"]').evaluateAll((nodes) =>
    [...new Set(nodes.map((node) => node.getAttribute('href')))])
  if (links.length < 3) throw new Error('there are no indicators to open')
  await visitor.go(links[0])
  await visitor.shoot('indicator')
  await visitor.print('indicator')
  await visitor.go('/fairness?by=district&of=unit')
  await visitor.shoot('fairness')
  await visitor.go('/policy/overrides')
  await visitor.shoot('overrides')
  await visitor.close()
})

await test.step('the auditor finds who looked at the report', async () => {
  const visitor = await signedIn('way.auditor')
  await visitor.go(`/log?object=${seen.number}`)
  await visitor.sees(seen.number, '複例二')
  await visitor.shoot('log')
  await visitor.close()
})

await test.step('people are searched without JavaScript, and no URL says for whom', async () => {
  const visitor = await open({ js: false })
  const urls = []
  visitor.page.on('request', (request) => urls.push(request.url()))
  await visitor.login('way.screener', PASSWORD)
  await visitor.go('/people')
  await visitor.send('/people/search', { q: '林示惠' }, { nth: 1 })
  await visitor.sees('林示惠')
  await visitor.shoot('people')
  const found = visitor.page.url()
  await visitor.page.locator('main a[href^="/people/"]').first().click()
  await visitor.page.goBack()
  await visitor.sees('林示惠')
  await visitor.page.reload()
  await visitor.sees('林示惠')
  if (visitor.page.url() !== found) throw new Error('going back leads elsewhere')
  for (const url of urls)
    if (decodeURIComponent(url).includes('林示惠')) throw new Error(`a URL says who was searched for: ${url}`)
  await visitor.close()
  const other = await signedIn('way.screener')
  await other.go(new URL(found).pathname + new URL(found).search)
  if ((await other.text()).includes('林示惠')) throw new Error('another session opens the search')
  await other.shoot('people-expired')
  await other.close()
})

await test.step('who is signed in changes the password, and is out everywhere else', async () => {
  const NEW = 'lighthouse under slow rain'
  const here = await signedIn('way.planner')
  const there = await signedIn('way.planner')
  await here.go('/account')
  await here.shoot('account')
  await here.page.locator('main a[href="/account/password"]').click()
  await here.sound()
  await here.shoot('password')
  await here.expecting(422, () => here.send('/account/password',
    { old: PASSWORD, new: 'password2026', again: 'password2026' }))
  await here.shoot('password-mistake')
  await here.send('/account/password', { old: PASSWORD, new: NEW, again: NEW })
  await here.sees('我的帳號')
  await here.shoot('password-changed')
  await there.go('/indicators')
  if (!there.page.url().includes('/login')) throw new Error('the other session goes on')
  await here.close()
  await there.close()
  const again = await open()
  await again.login('way.planner', NEW)
  if (!again.page.url().includes('/account/sign-ins')) throw new Error('the change is not told')
  await again.sees('密碼、兩步驟驗證或帳號狀態變更1次', '由本帳號')
  await again.close()
})

await test.step('who signs in is told first of failed tries elsewhere, once', async () => {
  const stranger = await open({ agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0' })
  await stranger.go('/login')
  for (const wrong of ['not it', 'nor this'])
    await stranger.expecting(403, () => stranger.send('/login', { login: 'way.supervisor', password: wrong }))
  await stranger.close()
  const visitor = await signedIn('way.supervisor')
  if (!visitor.page.url().includes('/account/sign-ins')) throw new Error('the work opens before the news')
  await visitor.sees('請確認這些是不是您本人', '密碼或驗證碼錯誤2次', '登入失敗（密碼）', 'Windows・Firefox')
  await visitor.shoot('sign-ins-told')
  await Promise.all([visitor.page.waitForNavigation(), visitor.page.locator('#told a.btn--go').click()])
  await visitor.sees('我的工作')
  await visitor.close()
  const again = await signedIn('way.supervisor')
  if (again.page.url().includes('/account/sign-ins')) throw new Error('the news are told twice')
  await again.go('/account')
  await again.page.locator('main a[href="/account/sign-ins"]').click()
  await again.sees('登入失敗（密碼）')
  await again.shoot('sign-ins')
  await again.close()
})

await test.step('who is signed in twice sees it, and ends the other one', async () => {
  const there = await signedIn('way.admin')
  const here = await signedIn('way.admin')
  await here.go('/account')
  await here.page.locator('main a[href="/account/sessions"]').click()
  await here.sees('登入中的裝置', '這次登入', '與這次相同')
  await here.shoot('sessions')
  await here.send('/account/sessions/end')
  await here.sees('沒有其他登入中的裝置')
  await here.shoot('sessions-ended')
  await there.go('/accounts')
  if (!there.page.url().includes('/login')) throw new Error('the ended session goes on')
  await here.close()
  await there.close()
})

await test.step('an account gets a last day, and loses it', async () => {
  const visitor = await signedIn('way.admin')
  const day = new Date(Date.now() + 8 * 3600e3 + 3 * 86400e3).toISOString().slice(0, 10)
  await visitor.go('/accounts')
  await visitor.send('/accounts/way.auditor/until', { until: day })
  await visitor.sees('剩3日')
  await visitor.shoot('account-until')
  await visitor.send('/accounts/way.auditor/until', { until: '' })
  if ((await visitor.text()).includes('剩3日')) throw new Error('the last day stays')
  await visitor.close()
})

await test.step('the policy, the accounts and the queue are shown to whom they concern', async () => {
  const visitor = await signedIn('way.admin')
  for (const part of ['', '?part=decisions', '?part=units', '?part=deadlines'])
    await visitor.go('/policy' + part)
  await visitor.shoot('policy')
  await visitor.go('/accounts')
  await visitor.shoot('accounts')
  await visitor.go('/operator')
  await visitor.shoot('operator')
  await visitor.expecting(403, () => visitor.go('/board'))
  await visitor.shoot('denied')
  await visitor.expecting(404, () => visitor.go('/nowhere'))
  await visitor.shoot('not-found')
  await visitor.close()
})

await test.step('everything can be reached with the keyboard', async () => {
  const visitor = await signedIn('way.screener')
  await visitor.go('/board')
  await visitor.page.keyboard.press('Tab')
  const first = await visitor.page.evaluate(() => document.activeElement?.getAttribute('href'))
  if (first !== '#main') throw new Error('the first stop is not the skip link')
  const stops = new Set()
  for (let i = 0; i < 40; i++) {
    await visitor.page.keyboard.press('Tab')
    stops.add(await visitor.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120)))
  }
  if (stops.size < 15) throw new Error(`only ${stops.size} places can be reached with Tab`)
  await visitor.close()
})

await test.step('the session ends with the logout', async () => {
  const visitor = await signedIn('way.worker')
  await visitor.send('/logout')
  await visitor.go('/work')
  if (!visitor.page.url().includes('/login')) throw new Error('the session goes on')
  await visitor.close()
})

await browser.close()
await test.step('the server ends by itself and said nothing bad', async () => {
  await server.stop()
  const bad = server.said().split('\n').filter((line) => /: 5\d\d |runtime error|ERROR/.test(line))
  if (bad.length > 0) throw new Error(bad.join('\n'))
})
process.exit(test.end() ? 0 : 1)
