package drawing

import "math"

// Shape is a part of a sign, in a square of twelve: a line through points, or an area.
type Shape struct {
	Points [][2]float64
	Filled bool
	Dashed bool
}

// Shapes are what a sign is made of.
func (s *Sign) Shapes() []Shape {
	switch s.Kind {
	case MarkSign:
		return markShapes(s.Mark)
	case WarningSign:
		return []Shape{
			{Points: [][2]float64{{6, 0.8}, {11.6, 11}, {0.4, 11}, {6, 0.8}}},
			{Points: [][2]float64{{6, 4.4}, {6, 7.4}}},
			{Points: circle(9.2, 0.8, 0, 360), Filled: true},
		}
	case LockSign:
		return []Shape{
			{Points: [][2]float64{{1.8, 5.2}, {10.2, 5.2}, {10.2, 11.4}, {1.8, 11.4}, {1.8, 5.2}}, Filled: true},
			{Points: circle(4, 2.8, 180, 360)},
			{Points: [][2]float64{{3.2, 4}, {3.2, 5.4}}},
			{Points: [][2]float64{{8.8, 4}, {8.8, 5.4}}},
		}
	case GoneSign:
		return []Shape{
			{Points: circle(6, 5, 0, 360)},
			{Points: [][2]float64{{3.9, 3.9}, {8.1, 8.1}}},
			{Points: [][2]float64{{8.1, 3.9}, {3.9, 8.1}}},
		}
	}
	return nil
}

func markShapes(mark Mark) []Shape {
	ring := circle(6, 4.2, 0, 360)
	switch mark {
	case Running:
		return []Shape{{Points: circle(6, 4.6, 0, 360), Filled: true}}
	case Paused:
		bar := func(x float64) Shape {
			return Shape{Points: [][2]float64{{x, 2}, {x + 2.6, 2}, {x + 2.6, 10}, {x, 10}, {x, 2}}, Filled: true}
		}
		return []Shape{bar(2.6), bar(6.8)}
	case Created:
		return []Shape{{Points: ring, Dashed: true}}
	case Stopped:
		return []Shape{{Points: ring}}
	case Restarting:
		return []Shape{
			{Points: circle(6, 4.2, -20, 280)},
			{Points: [][2]float64{{11.6, 1.2}, {10.8, 5.6}, {7.2, 3.2}, {11.6, 1.2}}, Filled: true},
		}
	case Dead:
		return []Shape{{Points: [][2]float64{{2.4, 2.4}, {9.6, 9.6}}}, {Points: [][2]float64{{9.6, 2.4}, {2.4, 9.6}}}}
	case Unknown:
	}
	hook := append(circle(4, 2.6, 180, 400), [2]float64{6, 6.6}, [2]float64{6, 8})
	return []Shape{{Points: hook}, {Points: circle(10.2, 0.9, 0, 360), Filled: true}}
}

// circle is an arc between two angles in degrees, clockwise from the right, around a
// point in the middle of the sign or above or below it.
func circle(y, r float64, from, to int) [][2]float64 {
	const step, middle = 20, 6
	var points [][2]float64
	for at := from; at <= to; at += step {
		a := float64(at) * math.Pi / 180
		points = append(points, [2]float64{round2(middle + r*math.Cos(a)), round2(y + r*math.Sin(a))})
	}
	return points
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }
