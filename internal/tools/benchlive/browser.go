package main

import (
	"context"

	"github.com/chromedp/chromedp"
)

// page is the page in a browser that notes when it draws.
type page struct {
	ctx   context.Context
	close func()
}

// drawn is when a browser drew: times between two frames, in milliseconds.
type drawn struct {
	Count                int
	Median, P99, Longest float64
}

const (
	noteFrames = `(() => { window.gaps = []; let last = performance.now();
		const note = (now) => { gaps.push(now - last); last = now; requestAnimationFrame(note); };
		requestAnimationFrame(note); return true; })()`
	tellFrames = `(() => { const g = gaps.slice().sort((a, b) => a - b);
		return {Count: g.length, Median: g[Math.floor(g.length / 2)], P99: g[Math.floor(g.length * .99)], Longest: g[g.length - 1]}; })()`
)

func show(ctx context.Context, browser, address string) (*page, error) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.WindowSize(1440, 900))
	allocator, stop := chromedp.NewExecAllocator(ctx, flags...)
	tab, end := chromedp.NewContext(allocator)
	p := &page{ctx: tab, close: func() { end(); stop() }}
	err := chromedp.Do(tab, chromedp.Navigate(address), chromedp.WaitVisible("#picture svg"))
	if err == nil {
		_, err = chromedp.Run(tab, chromedp.Evaluate[bool](noteFrames))
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *page) frames() (drawn, error) {
	return chromedp.Run(p.ctx, chromedp.Evaluate[drawn](tellFrames))
}
