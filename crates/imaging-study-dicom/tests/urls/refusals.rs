//! What no URL is made of.

use imaging_study_dicom::{
    Annotation, IccProfile, Region, Rendering, Resource, SourceRegion, UrlError, Viewport,
    WadoUriOptions, Window, WindowFunction,
};

use crate::{INSTANCE, SERIES, SOP, STUDY, frames, wado_rs, wado_uri};

#[test]
fn frames_ascend_from_one_to_their_number() {
    for bad in [&[][..], &[0], &[0, 1], &[3, 3], &[2, 1], &[1, 11]] {
        let resource = frames(bad, Some(10));
        let plain = Rendering::default();
        assert_eq!(
            wado_rs().retrieve(&resource),
            Err(UrlError::BadFrames),
            "{bad:?}"
        );
        assert_eq!(
            wado_rs().rendered(&resource, &plain),
            Err(UrlError::BadFrames)
        );
        assert_eq!(
            wado_rs().thumbnail(&resource, &plain),
            Err(UrlError::BadFrames)
        );
    }
    assert!(wado_rs().retrieve(&frames(&[1, 11], None)).is_ok());
    assert_eq!(
        wado_uri().retrieve(&frames(&[1, 2], None), &WadoUriOptions::default()),
        Err(UrlError::BadFrames)
    );
    assert_eq!(
        wado_rs().metadata(&frames(&[1], None)),
        Err(UrlError::NotAllowed {
            parameter: "frames"
        })
    );
}

#[test]
fn wado_uri_needs_an_instance() {
    for resource in [
        Resource::Study { study: STUDY },
        Resource::Series {
            study: STUDY,
            series: SERIES,
        },
    ] {
        assert_eq!(
            wado_uri().retrieve(&resource, &WadoUriOptions::default()),
            Err(UrlError::NeedsInstance)
        );
    }
}

#[test]
fn numbers_keep_to_their_range() {
    let window = |center, width| Window {
        center,
        width,
        function: WindowFunction::Linear,
    };
    let viewport = |width, height, source| Viewport {
        width,
        height,
        source,
    };
    let source = |x, width| {
        Some(SourceRegion {
            x: Some(x),
            width: Some(width),
            ..SourceRegion::default()
        })
    };
    let plain = Rendering::default();
    let mut cases = Vec::new();
    for quality in [0, 101, u32::MAX] {
        cases.push((
            Rendering {
                quality: Some(quality),
                ..plain
            },
            "quality",
        ));
    }
    for viewport in [
        viewport(0, 1, None),
        viewport(1, 0, None),
        viewport(1, 1, source(-1.0, 1.0)),
        viewport(1, 1, source(0.0, 0.0)),
        viewport(1, 1, source(f64::NAN, 1.0)),
        viewport(1, 1, source(0.0, f64::INFINITY)),
    ] {
        cases.push((
            Rendering {
                viewport: Some(viewport),
                ..plain
            },
            "viewport",
        ));
    }
    for window in [
        window(0.0, 0.0),
        window(0.0, -1.0),
        window(f64::NAN, 1.0),
        window(f64::INFINITY, 1.0),
        window(0.0, f64::NAN),
        window(1e300, 1.0),
        window(1e-300, 1.0),
    ] {
        cases.push((
            Rendering {
                window: Some(window),
                ..plain
            },
            "window",
        ));
    }
    for (rendering, parameter) in cases {
        let result = wado_rs().rendered(&INSTANCE, &rendering);
        assert_eq!(
            result,
            Err(UrlError::OutOfRange { parameter }),
            "{rendering:?}"
        );
    }
    let uri = WadoUriOptions::default();
    let region = |x_min, y_min, x_max, y_max| {
        Some(Region {
            x_min,
            y_min,
            x_max,
            y_max,
        })
    };
    for (options, parameter) in [
        (
            WadoUriOptions {
                region: region(0.5, 0.0, 0.5, 1.0),
                ..uri
            },
            "region",
        ),
        (
            WadoUriOptions {
                region: region(0.0, 0.6, 1.0, 0.5),
                ..uri
            },
            "region",
        ),
        (
            WadoUriOptions {
                region: region(-0.1, 0.0, 1.0, 1.0),
                ..uri
            },
            "region",
        ),
        (
            WadoUriOptions {
                region: region(0.0, 0.0, 1.0, 1.1),
                ..uri
            },
            "region",
        ),
        (
            WadoUriOptions {
                region: region(f64::NAN, 0.0, 1.0, 1.0),
                ..uri
            },
            "region",
        ),
        (
            WadoUriOptions {
                image_quality: Some(0),
                ..uri
            },
            "imageQuality",
        ),
        (
            WadoUriOptions {
                image_quality: Some(101),
                ..uri
            },
            "imageQuality",
        ),
        (
            WadoUriOptions {
                rows: Some(0),
                ..uri
            },
            "rows",
        ),
        (
            WadoUriOptions {
                columns: Some(0),
                ..uri
            },
            "columns",
        ),
        (
            WadoUriOptions {
                window: Some((0.0, 0.0)),
                ..uri
            },
            "windowWidth",
        ),
        (
            WadoUriOptions {
                window: Some((f64::NAN, 1.0)),
                ..uri
            },
            "windowCenter",
        ),
    ] {
        let result = wado_uri().retrieve(&INSTANCE, &options);
        assert_eq!(
            result,
            Err(UrlError::OutOfRange { parameter }),
            "{options:?}"
        );
    }
    // No exponent, no more digits than needed, no negative zero.
    for (number, text) in [
        (0.1, "0.1"),
        (1e14, "100000000000000"),
        (1e-7, "0.0000001"),
        (-0.0, "0"),
        (1.5e3, "1500"),
    ] {
        let rendering = Rendering {
            window: Some(window(number, 1.0)),
            ..plain
        };
        let url = wado_rs()
            .rendered(&INSTANCE, &rendering)
            .expect("it is allowed")
            .url;
        assert!(url.ends_with(&format!("?window={text},1,linear")), "{url}");
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let plain = Rendering::default();
    let window = Some(Window {
        center: 0.0,
        width: 1.0,
        function: WindowFunction::Sigmoid,
    });
    let annotation = Annotation {
        patient: true,
        technique: false,
    };
    let viewport = Some(Viewport {
        width: 1,
        height: 1,
        source: Some(SourceRegion::default()),
    });
    for (rendering, parameter) in [
        (Rendering { window, ..plain }, "window"),
        (
            Rendering {
                quality: Some(1),
                ..plain
            },
            "quality",
        ),
        (
            Rendering {
                annotation,
                ..plain
            },
            "annotation",
        ),
        (
            Rendering {
                icc_profile: Some(IccProfile::No),
                ..plain
            },
            "iccprofile",
        ),
        (Rendering { viewport, ..plain }, "viewport"),
    ] {
        let result = wado_rs().thumbnail(&INSTANCE, &rendering);
        assert_eq!(result, Err(UrlError::NotAllowed { parameter }));
    }
    let uri = WadoUriOptions::default();
    let dicom = WadoUriOptions {
        content_type: Some("application/dicom"),
        ..uri
    };
    let state = WadoUriOptions {
        presentation: Some((SERIES, SOP)),
        ..uri
    };
    let region = Some(Region {
        x_min: 0.0,
        y_min: 0.0,
        x_max: 1.0,
        y_max: 1.0,
    });
    for (options, parameter) in [
        (
            WadoUriOptions {
                anonymize: true,
                ..uri
            },
            "anonymize",
        ),
        (
            WadoUriOptions {
                transfer_syntax: Some(SOP),
                ..uri
            },
            "transferSyntax",
        ),
        (
            WadoUriOptions {
                annotation,
                ..dicom
            },
            "annotation",
        ),
        (
            WadoUriOptions {
                rows: Some(1),
                ..dicom
            },
            "rows",
        ),
        (
            WadoUriOptions {
                columns: Some(1),
                ..dicom
            },
            "columns",
        ),
        (WadoUriOptions { region, ..dicom }, "region"),
        (
            WadoUriOptions {
                window: Some((0.0, 1.0)),
                ..dicom
            },
            "windowCenter",
        ),
        (
            WadoUriOptions {
                image_quality: Some(1),
                ..dicom
            },
            "imageQuality",
        ),
        (
            WadoUriOptions {
                presentation: Some((SERIES, SOP)),
                ..dicom
            },
            "presentationUID",
        ),
        (WadoUriOptions { region, ..state }, "region"),
        (
            WadoUriOptions {
                window: Some((0.0, 1.0)),
                ..state
            },
            "windowCenter",
        ),
    ] {
        let result = wado_uri().retrieve(&INSTANCE, &options);
        assert_eq!(result, Err(UrlError::NotAllowed { parameter }));
    }
    assert_eq!(
        wado_uri().retrieve(&frames(&[1], None), &dicom),
        Err(UrlError::NotAllowed {
            parameter: "frameNumber"
        })
    );
    for media_type in [
        "",
        "image",
        "image/",
        "/png",
        "image/png\r\nX: y",
        "image/png;q=1",
        "image/p ng",
    ] {
        let rendering = Rendering {
            media_type: Some(media_type),
            ..plain
        };
        let error = UrlError::BadText {
            parameter: "accept",
        };
        assert_eq!(
            wado_rs().rendered(&INSTANCE, &rendering),
            Err(error),
            "{media_type}"
        );
        let options = WadoUriOptions {
            content_type: Some(media_type),
            ..uri
        };
        let error = UrlError::BadText {
            parameter: "contentType",
        };
        assert_eq!(wado_uri().retrieve(&INSTANCE, &options), Err(error));
    }
    for charset in ["", "utf 8", "a&b", "é"] {
        let options = WadoUriOptions {
            charset: Some(charset),
            ..uri
        };
        let error = UrlError::BadText {
            parameter: "charset",
        };
        assert_eq!(wado_uri().retrieve(&INSTANCE, &options), Err(error));
    }
}
