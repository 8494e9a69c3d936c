// A change of policy in the browser: a draft is edited in dmn-js under the pages' own CSP, checked, replayed,
// proposed, confirmed by a second person, and decides the next report and none before. Screenshots of every
// page at 1280 and 390 px go to shots/.
//
// ANWANG names the program, ANWANG_DB a demo city that nobody else holds. Prints TAP.
import { execFileSync } from 'node:child_process'
import { Test, Visitor, launch, serve } from './browser.mjs'

const ANWANG = process.env.ANWANG
const DB = process.env.ANWANG_DB
const POLICY = new URL('../../policy/keelung', import.meta.url).pathname
const PASSWORD = 'browser and nobody else'
// what the editor's framework says of itself, and no fault of a page
const FRAMEWORK = /Inferno is in development mode|minified copy of the development build of Inferno/

if (!ANWANG || !DB) {
  console.error('ANWANG and ANWANG_DB are not set')
  process.exit(2)
}

class QuietTest extends Test {
  notice(what) {
    if (!FRAMEWORK.test(what)) super.notice(what)
  }
}

const test = new QuietTest()
const server = await serve(ANWANG, DB, POLICY, ...process.env.ANWANG_SANDBOX ? ['--require-sandbox'] : [])
const browser = await launch()
const anwang = (args, input) => execFileSync(ANWANG, args, { input, encoding: 'utf8' })
const city = ['--db', DB, '--policy', POLICY]
const seen = {}

async function signedIn(login) {
  const visitor = await Visitor.open(browser, test, server.origin)
  visitor.page.setDefaultTimeout(60000)
  await visitor.login(login, PASSWORD)
  return visitor
}

// A woman hurt by her husband, whose answers come to the eight points that are high today.
function report() {
  const line = anwang(['report', ...city, '-'], JSON.stringify({ kind: 'adult_ipv', channel: 'police',
    incident: { address: '基隆市信義區信二路1號', narrative: '夫以拳頭毆打' },
    persons: [{ role: 'victim', name: '林試政', sex: 'F' }, { role: 'respondent', name: '陳試策', sex: 'M' }],
    answers: { tipvda: 8 } }))
  return JSON.parse(line)
}

await test.step('accounts of a planner and of a second person', () => {
  for (const [login, roles, name] of [['draft.planner', 'planner', '統例一'], ['draft.second', 'planner', '統例二']])
    anwang(['user', 'add', login, '--name', name, '--title', '測試', '--unit', 'social_affairs', '--roles', roles,
      '--password-file', '-', ...city], PASSWORD)
  seen.before = report()
  if (seen.before.decision?.level !== 'high') throw new Error('eight points are not high: ' + JSON.stringify(seen.before))
})

await test.step('a draft is begun, and is the policy in force but for its name', async () => {
  const visitor = await signedIn('draft.planner')
  await visitor.go('/policy')
  await visitor.shoot('policy-drafts')
  await visitor.send('/policy/drafts', { name: '草案試編' })
  seen.draft = new URL(visitor.page.url()).pathname
  await visitor.sees('沒有錯誤')
  await visitor.shoot('draft-new')
  await visitor.close()
})

await test.step('dmn-js opens its tables under the pages\' CSP, with its own mark and our words', async () => {
  const visitor = await signedIn('draft.planner')
  const { page } = visitor
  await visitor.go(`${seen.draft}/edit`)
  await page.locator('form#edit.ready').waitFor()
  await page.locator('.dmn-decision-table-container td.input-cell').first().waitFor()
  if (await page.locator('#edit-tables a').count() < 4) throw new Error('there are fewer than four tables')
  const mark = page.locator('a.bjs-powered-by:visible')
  if (await mark.count() < 1 || !/bpmn\.io/.test(await mark.first().getAttribute('href')))
    throw new Error('the mark of bpmn.io is not there')
  if (!/家中兒少受傷或有危險，轉兒少保護/.test(await page.locator('#dmn').innerText()))
    throw new Error('the editor does not show where a row comes from')
  if (!/命中方式/.test(await page.locator('#dmn').innerText())) throw new Error('the editor does not speak Chinese')
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('#dmn thead .output-name:empty, #dmn thead .input-expression:empty')]
    .map((head) => getComputedStyle(head, '::before').content))
  if (unnamed.length === 0 || unnamed.some((text) => !/^"[輸出入]+"$/.test(text)))
    throw new Error('a column without a name is headed ' + unnamed.join(' '))
  await visitor.shoot('draft-edit')
  await visitor.close()
})

await test.step('what is only opened and saved is not another policy', async () => {
  const visitor = await signedIn('draft.planner')
  const { page } = visitor
  await visitor.go(`${seen.draft}/edit`)
  await page.locator('form#edit.ready').waitFor()
  await Promise.all([page.waitForURL('**' + seen.draft), page.locator('#edit button[type=submit]').click()])
  await visitor.sees('沒有錯誤', '第2版')
  const tables = await page.locator('main section.cand').count()
  if (tables !== 0) throw new Error(`${tables} tables differ after nothing was changed`)
  await visitor.close()
})

// Opens the table, types into cells by their ids, saves.
async function edit(visitor, table, cells) {
  const { page } = visitor
  await visitor.go(`${seen.draft}/edit?table=${table}`)
  await page.locator('form#edit.ready').waitFor()
  for (const [id, text] of Object.entries(cells)) {
    await page.locator(`td[data-element-id="${id}"]`).click()
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.keyboard.type(text)
  }
  await save(visitor)
}

async function save(visitor) {
  await Promise.all([visitor.page.waitForURL('**' + seen.draft), visitor.page.locator('#edit button[type=submit]').click()])
  await visitor.sound()
}

await test.step('a cell that is wrong is told with its table, row and column', async () => {
  const visitor = await signedIn('draft.planner')
  await edit(visitor, 'tipvda', { tipvda_1_i2: '>= (' })
  await visitor.sees('項錯誤', 'TIPVDA危險分級', '第1列')
  await visitor.shoot('draft-mistake')
  if (await visitor.page.locator('form[action$="/propose"]').count() > 0)
    throw new Error('a draft with a mistake can be proposed')
  await visitor.close()
})

await test.step('the draft is put right, and its differences stand table by table', async () => {
  const visitor = await signedIn('draft.planner')
  await edit(visitor, 'tipvda', { tipvda_1_i2: '>= 9', tipvda_2_i2: '[6..8]' })
  await visitor.sees('沒有錯誤', 'TIPVDA危險分級', '修改2列')
  const changed = await visitor.page.locator('main .diff td.chg').count()
  if (changed !== 2) throw new Error(`${changed} cells are marked, not two`)
  await visitor.shoot('draft-good')
  await visitor.print('draft')
  await visitor.close()
})

// The sheet of a table as it is saved, with one text in place of another.
async function sheet(visitor, file, old, put) {
  const [how, text] = await visitor.page.evaluate(async (path) => {
    const answer = await fetch(path)
    return [answer.headers.get('content-disposition'), await answer.text()]
  }, `${seen.sheets}/sheets/${file}`)
  if (!/attachment; filename="tipvda/.test(how)) throw new Error('a sheet is not saved as a file')
  if (old && !text.includes(old)) throw new Error(`the sheet does not say ${old}`)
  return old ? text.replace(old, put) : text
}

await test.step('a table goes through a spreadsheet: a wrong cell is told, what differs is shown, then kept', async () => {
  const visitor = await signedIn('draft.planner')
  const { page } = visitor
  await visitor.go('/policy')
  await visitor.send('/policy/drafts', { name: '試算表試編' })
  seen.sheets = new URL(page.url()).pathname
  await visitor.go(`${seen.sheets}/sheets`)
  await visitor.shoot('sheets')
  const upload = async (text) => {
    await Promise.all([page.waitForNavigation(), page.locator('#sheet-file').setInputFiles(
      { name: 'tipvda.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })])
    await visitor.sound()
  }
  const wrong = await sheet(visitor, 'tipvda.csv', '>= 8', '>= (')
  await visitor.expecting(422, () => upload(wrong))
  await visitor.sees('1項錯誤', '第9列', 'D欄')
  await visitor.shoot('sheet-wrong')
  await upload(await sheet(visitor, 'tipvda.csv'))
  await visitor.sees('沒有不同')
  await upload((await sheet(visitor, 'tipvda.csv', '>= 8', '>= 9')).replace('[6..7]', '[6..8]'))
  await visitor.sees('TIPVDA危險分級', '修改2列')
  if (await page.locator('main .diff td.chg').count() !== 2) throw new Error('two cells are not marked')
  await visitor.shoot('sheet-read')
  seen.sheet = await sheet(visitor, 'tipvda.csv', '>= 8', '>= 7')
  await visitor.send('/sheets/keep')
  await visitor.sees('沒有錯誤', '第2版', '修改2列')
  await visitor.close()
})

await test.step('without JavaScript the sheet is pasted', async () => {
  const visitor = await Visitor.open(browser, test, server.origin, { js: false })
  await visitor.login('draft.planner', PASSWORD)
  await visitor.go(`${seen.sheets}/sheets`)
  if (await visitor.page.locator('#sheet-file').isVisible()) throw new Error('a file is asked for that cannot be sent')
  await visitor.page.locator('textarea#sheet').fill(seen.sheet)
  await Promise.all([visitor.page.waitForNavigation(), visitor.page.locator('form[action$="/sheets"]:not(.needs-js) button').click()])
  await visitor.sees('較早的版本', '修改')
  await visitor.go(seen.sheets)
  await visitor.send('/close')
  await visitor.close()
})

await test.step("last year's reports are replayed under it", async () => {
  const visitor = await signedIn('draft.planner')
  await visitor.go(`${seen.draft}/replay`)
  await visitor.sees('級別減輕', '主責單位', '各區')
  const number = Number((await visitor.page.locator('main .tally .big').first().innerText()).replaceAll(',', ''))
  if (!(number > 0)) throw new Error('no report changes')
  await visitor.shoot('replay')
  await visitor.print('replay')
  await visitor.close()
})

await test.step('it is proposed, and the proposer cannot confirm it', async () => {
  const visitor = await signedIn('draft.planner')
  await visitor.go(seen.draft)
  await visitor.send('/propose', { words: '八分改為中度，九分以上為高度' })
  seen.proposal = new URL(visitor.page.url()).pathname
  await visitor.sees('待另一人核定', '八分改為中度', '修改2列')
  if (await visitor.page.locator('form[action$="/confirm"]').count() > 0)
    throw new Error('the proposer is offered to confirm')
  await visitor.shoot('proposal-own')
  await visitor.close()
  seen.between = report()
  if (seen.between.decision.policy !== seen.before.decision.policy)
    throw new Error('what is only proposed decides')
})

await test.step('a second person sees what changes and confirms', async () => {
  const visitor = await signedIn('draft.second')
  await visitor.go('/policy')
  await visitor.sees('待另一人核定')
  await visitor.go(seen.proposal)
  await visitor.shoot('proposal')
  await visitor.send('/confirm')
  await visitor.sees('已核定')
  await visitor.shoot('proposal-confirmed')
  await visitor.go('/policy')
  await visitor.sees('草案試編', '現行')
  await visitor.shoot('policy-released')
  await visitor.close()
})

await test.step('the next report is decided by it, while the server runs on; those before keep theirs', async () => {
  seen.after = report()
  if (seen.after.decision.policy === seen.before.decision.policy) throw new Error('the old policy decides')
  if (seen.after.decision.level !== 'attention') throw new Error('eight points are still ' + seen.after.decision.level)
  anwang(['user', 'add', 'draft.screener', '--name', '篩例三', '--title', '測試', '--unit', 'centre', '--roles',
    'screener', '--password-file', '-', ...city], PASSWORD)
  const visitor = await signedIn('draft.screener')
  for (const [told, label] of [[seen.before, '高度'], [seen.after, '草案試編']]) {
    await visitor.go(`/reports/${told.receipt?.number ?? told.receipt ?? told.number}`)
    await visitor.sees(label)
  }
  await visitor.close()
})

await browser.close()
await test.step('the server ends by itself and said nothing bad', async () => {
  await server.stop()
  const bad = server.said().split('\n').filter((line) => /: 5\d\d |runtime error|ERROR/.test(line))
  if (bad.length > 0) throw new Error(bad.join('\n'))
})
process.exit(test.end() ? 0 : 1)
