package proof

import (
	"sync/atomic"
	"time"

	"github.com/iisdoctor/iisdoctor/server"
)

// clock is the server's time during a section. It goes on by itself, as many times
// faster than a real one as proof.txt says, and a wait puts it forward.
type clock struct {
	begun   time.Time
	speed   float64 // 0: waits jump
	skipped atomic.Int64
}

func newClock(speed float64) *clock { return &clock{begun: time.Now(), speed: speed} }

// options sets the server's clock.
func (c *clock) options(o server.Options) server.Options {
	o.Now, o.Speed = c.now, max(c.speed, 1)
	return o
}

func (c *clock) now() time.Time {
	passed := time.Duration(float64(time.Since(c.begun)) * max(c.speed, 1))
	return c.begun.Add(passed + time.Duration(c.skipped.Load()))
}

// wait lets the server's d pass. What the server measures on a connection it
// measures with a real timer: then d passes really.
func (c *clock) wait(d time.Duration) {
	if c.speed == 0 {
		c.skipped.Add(int64(d))
		return
	}
	c.sleep(d)
}

// sleep really waits for the server's d.
func (c *clock) sleep(d time.Duration) {
	time.Sleep(time.Duration(float64(d) / max(c.speed, 1)))
}
