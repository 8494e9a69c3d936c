// A browser that notices what a person would not: requests to elsewhere, errors in the console, answers
// of 4xx and 5xx that nobody expected, pages wider than a phone.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const SHOTS = new URL('./shots/', import.meta.url).pathname
const DESK = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }

/** Starts `anwang serve` on a port of its own choice; gives its address. */
export async function serve(anwang, db, policy, ...more) {
  const child = spawn(anwang, ['serve', '--db', db, '--policy', policy, '--listen', '127.0.0.1:0', ...more],
    { stdio: ['ignore', 'inherit', 'pipe'] })
  let said = ''
  const origin = await new Promise((resolve, reject) => {
    child.stderr.on('data', (piece) => {
      said += piece
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/)
      if (found) resolve(found[0])
    })
    child.on('exit', (code) => reject(new Error(`the server ended (${code}): ${said}`)))
  })
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit')
    child.on('exit', resolve)
    child.kill('SIGTERM')
  })
  return { origin, stop, said: () => said }
}

/** TAP lines, and what was noticed meanwhile. */
export class Test {
  #count = 0
  #failed = 0
  #noticed = []

  notice(what) {
    this.#noticed.push(what)
  }

  /** Runs one step: it fails by throwing, or by what was noticed during it. */
  async step(name, run) {
    let why = []
    try {
      await run()
    } catch (error) {
      why.push(error.stack ?? String(error))
    }
    why = why.concat(this.#noticed)
    this.#noticed = []
    this.#count++
    if (why.length > 0) this.#failed++
    console.log(`${why.length > 0 ? 'not ok' : 'ok'} ${this.#count} - ${name}`)
    for (const line of why.join('\n').split('\n').filter(Boolean)) console.log(`# ${line}`)
    return why.length === 0
  }

  end() {
    console.log(`1..${this.#count}`)
    return this.#count > 0 && this.#failed === 0
  }
}

export class Visitor {
  /** js: false for a browser without JavaScript; agent: what it calls itself. */
  static async open(browser, test, origin, { js = true, agent } = {}) {
    const context = await browser.newContext({ locale: 'zh-TW', timezoneId: 'Asia/Taipei',
      viewport: DESK, javaScriptEnabled: js, serviceWorkers: 'block',
      ...agent && { userAgent: agent } })
    const page = await context.newPage()
    const visitor = new Visitor(context, page, test, origin)
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(origin + '/') && !url.startsWith('data:') && !url.startsWith('about:'))
        test.notice(`asked elsewhere: ${url}`)
    })
    page.on('response', (response) => {
      const expected = visitor.expected
      if (response.status() >= 400 && response.status() !== expected)
        test.notice(`${response.status()} ${response.request().method()} ${response.url()}`)
    })
    page.on('console', (message) => {
      // the browser also reports the status that the step expects
      if (message.type() === 'error' && !(visitor.expected && /status of \d+/.test(message.text())))
        test.notice(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => test.notice(`script: ${error.message}`))
    page.setDefaultTimeout(15000)
    return visitor
  }

  constructor(context, page, test, origin) {
    Object.assign(this, { context, page, test, origin, expected: 0 })
  }

  /** While run runs, an answer of this status is right. */
  async expecting(status, run) {
    this.expected = status
    try {
      return await run()
    } finally {
      this.expected = 0
    }
  }

  async go(path) {
    await this.page.goto(this.origin + path)
    await this.sound()
  }

  /** What holds on every page. */
  async sound() {
    const page = this.page
    if (await page.locator('main#main').count() !== 1) throw new Error(`${page.url()} has no main`)
    const text = await page.locator('body').innerText()
    const hole = text.match(/⟦[^⟧]*⟧|\{\{[^}]*\}\}|undefined|\[object/)
    if (hole) throw new Error(`${page.url()} shows ${hole[0]}`)
    if (!(await page.title()).trim()) throw new Error(`${page.url()} has no title`)
  }

  /** The page as it is, on a desk and on a phone; too wide for a phone is an error. */
  async shoot(name) {
    mkdirSync(SHOTS, { recursive: true })
    const page = this.page
    await page.screenshot({ path: `${SHOTS}${name}-1280.png`, fullPage: true })
    await page.setViewportSize(PHONE)
    await page.screenshot({ path: `${SHOTS}${name}-390.png`, fullPage: true })
    if (this.js !== false) {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) this.test.notice(`${name} is ${wide} px too wide for a phone`)
    }
    await page.setViewportSize(DESK)
  }

  async print(name) {
    mkdirSync(SHOTS, { recursive: true })
    const pdf = await this.page.pdf({ path: `${SHOTS}${name}.pdf`, format: 'A4' })
    if (pdf.length < 3000) throw new Error('the printed page is empty')
  }

  /** Opens what hides a form, fills its fields by name, presses its button, waits for the answer. */
  async send(action, fields = {}, { button, nth = 0 } = {}) {
    const form = this.page.locator(`form[action$="${action}"]`).nth(nth)
    await form.waitFor({ state: 'attached' })
    await form.evaluate((node) => {
      for (let at = node; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
    })
    for (const [name, value] of Object.entries(fields)) await fill(form, name, value)
    const submit = button ? form.locator(`button[value="${button}"]`) : form.locator('button[type=submit]')
    await Promise.all([this.page.waitForNavigation(), submit.first().click()])
    await this.sound()
  }

  async login(login, password) {
    await this.go('/login')
    await this.send('/login', { login, password })
    if (this.page.url().includes('/login')) throw new Error(`${login} was not let in`)
  }

  async text() {
    return this.page.locator('main').innerText()
  }

  async sees(...words) {
    const text = await this.text()
    for (const word of words)
      if (!text.includes(word)) throw new Error(`${this.page.url()} does not say ${word}`)
  }

  close() {
    return this.context.close()
  }
}

async function fill(form, name, value) {
  const field = form.locator(`[name="${name}"]`)
  await field.first().evaluate((node) => {
    for (let at = node; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
  })
  const kind = await field.first().evaluate((node) => node.tagName === 'INPUT' ? node.type : node.tagName)
  if (kind === 'radio' || kind === 'checkbox') {
    await form.locator(`[name="${name}"][value="${value}"]`).check({ force: true })
  } else if (kind === 'SELECT') {
    await field.first().selectOption(value)
  } else {
    await field.first().fill(value)
  }
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--lang=zh-TW'] })
}
