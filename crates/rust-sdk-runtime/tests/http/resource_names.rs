//! Names of resources are built from values and read back, and no value builds the name of another resource.

use proptest::prelude::*;
use rust_sdk_runtime::resource::{NameValueError, ResourceNameError};
use rust_sdk_runtime::{Error, ErrorKind};

rust_sdk_runtime::resource_names! {
    /// One pattern.
    TopicName = "pubsub.example.com/Topic", ["projects/{project}/topics/{topic}"] {
        new(0: project, topic)
        project(value "project")
        topic(value "topic")
    }
    /// Several parents, a fixed name, and a variable named like a keyword.
    LogName = "logs.example.com/Log", ["projects/{project}/logs/{type}", "folders/{folder}/logs/{type}", "_deleted-log_"] {
        new(0: project, r#type)
        from_folder_type(1: folder, r#type)
        deleted_log(2)
        project(optional "project")
        folder(optional "folder")
        r#type(optional "type")
    }
    /// Several values in a segment.
    AssetName = "ads.example.com/Asset", ["customers/{customer}/assets/{campaign}~{asset}~{kind}"] {
        new(0: customer, campaign, asset, kind)
        campaign(value "campaign")
        asset(value "asset")
        kind(value "kind")
    }
    /// Several segments in a value, between others.
    ObjectName = "files.example.com/Object", ["buckets/{bucket}/objects/{object=**}/versions/{version}"] {
        new(0: bucket, object, version)
        bucket(value "bucket")
        object(value "object")
        version(value "version")
    }
    /// Every name, and one form of it.
    ThingName = "things.example.com/Thing", ["*", "things/{thing}", "things/{shelf}.{thing}"] {
        new(1: thing)
        from_shelf_thing(2: shelf, thing)
        thing(optional "thing")
    }
}

/// A text with the characters that matter.
fn value() -> impl Strategy<Value = String> {
    "[a-z/~.{}*_ ä-]{0,6}"
}

#[test]
fn a_name_has_its_values() {
    let topic = TopicName::new("my-project", String::from("my-topic")).unwrap();
    assert_eq!(topic.as_str(), "projects/my-project/topics/my-topic");
    assert_eq!((topic.project(), topic.topic()), ("my-project", "my-topic"));
    assert_eq!(topic.pattern(), TopicName::PATTERNS[0]);
    assert_eq!("projects/my-project/topics/my-topic".parse(), Ok(topic.clone()));
    assert_eq!(TopicName::try_from(topic.as_str()), Ok(topic.clone()));
    assert_eq!(String::from(&topic), String::from(topic));
    assert_eq!(TopicName::TYPE, "pubsub.example.com/Topic");

    let log = LogName::from_folder_type("f", "t").unwrap();
    assert_eq!((log.project(), log.folder(), log.r#type()), (None, Some("f"), Some("t")));
    assert_eq!(LogName::deleted_log().to_string(), "_deleted-log_");
    assert_eq!(LogName::deleted_log().r#type(), None);

    let asset = AssetName::new("1", "2", "3", "4~5").unwrap();
    assert_eq!(asset.as_str(), "customers/1/assets/2~3~4~5");
    assert_eq!((asset.campaign(), asset.asset(), asset.kind()), ("2", "3", "4~5"));

    let object = ObjectName::new("b", "a/b//c/", "7").unwrap();
    assert_eq!(object.as_str(), "buckets/b/objects/a/b//c//versions/7");
    assert_eq!((object.bucket(), object.object(), object.version()), ("b", "a/b//c/", "7"));

    let thing: ThingName = "anything at all".parse().unwrap();
    assert_eq!((thing.pattern(), thing.thing()), ("*", None));
    assert_eq!("things/a.b".parse::<ThingName>().unwrap().thing(), Some("b"));
}

#[test]
fn a_value_that_is_another_name_is_rejected() {
    let problem = |result: Result<TopicName, ResourceNameError>| match result.unwrap_err() {
        ResourceNameError::Value { resource: TopicName::TYPE, variable, problem } => (variable, problem),
        other => panic!("{other}"),
    };
    assert_eq!(problem(TopicName::new("", "t")), ("project", NameValueError::Empty));
    assert_eq!(problem(TopicName::new("p", "a/b")), ("topic", NameValueError::Slash("a/b".into())));
    assert_eq!(problem(TopicName::new("..", "t")), ("project", NameValueError::DotSegment("..".into())));
    let error = AssetName::new("1", "2~3", "4", "5").unwrap_err();
    assert_eq!(
        error.to_string(),
        "name of ads.example.com/Asset: `campaign` is \"2~3\"; it must not contain `~`, which separates it from the next value"
    );
    assert!(ObjectName::new("b", "a/../c", "7").is_err());
    let error = ThingName::new("a.b").unwrap_err();
    assert_eq!(
        error.to_string(),
        "name of things.example.com/Thing: \"things/a.b\" is a name of the form `things/{shelf}.{thing}`"
    );
    let error = Error::from(error);
    assert_eq!((error.kind(), error.is_local()), (ErrorKind::InvalidArgument, true));
}

#[test]
fn text_of_another_form_is_rejected() {
    for text in [
        "",
        "projects/p",
        "projects/p/topics/",
        "projects//topics/t",
        "projects/p/topics/t/",
        "/projects/p/topics/t",
        "projects/p/topics/t/x",
        "projects/p/subscriptions/t",
        "projects/./topics/t",
        "//pubsub.example.com/projects/p/topics/t",
    ] {
        assert!(text.parse::<TopicName>().is_err(), "{text}");
    }
    for text in ["buckets/b/objects/versions/7", "buckets/b/objects//versions/7", "buckets/b/objects/a"] {
        assert!(text.parse::<ObjectName>().is_err(), "{text}");
    }
    assert!("customers/1/assets/2~3".parse::<AssetName>().is_err());
    assert!("customers/1/assets/2~~4".parse::<AssetName>().is_err());
    let error = "x".parse::<LogName>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"x\" is not a name of logs.example.com/Log, which has the form `projects/{project}/logs/{type}` or \
         `folders/{folder}/logs/{type}` or `_deleted-log_`"
    );
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(a in value(), b in value(), c in value(), d in value()) {
        if let Ok(name) = TopicName::new(&a, &b) {
            prop_assert_eq!((name.project(), name.topic()), (a.as_str(), b.as_str()));
            prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
        }
        if let Ok(name) = AssetName::new("1", &a, &b, &c) {
            prop_assert_eq!((name.campaign(), name.asset(), name.kind()), (a.as_str(), b.as_str(), c.as_str()));
            prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
        }
        if let Ok(name) = ObjectName::new(&a, &b, &d) {
            prop_assert_eq!((name.bucket(), name.object(), name.version()), (a.as_str(), b.as_str(), d.as_str()));
            prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
        }
        if let Ok(name) = ThingName::new(&a) {
            prop_assert_eq!(name.thing(), Some(a.as_str()));
        }
    }

    #[test]
    fn no_text_causes_a_panic(text in "[a-z/~.]{0,12}|(buckets/b/objects/)?[a/]{0,6}(/versions/7)?") {
        let _ = (text.parse::<TopicName>(), text.parse::<AssetName>(), text.parse::<ThingName>());
        if let Ok(name) = text.parse::<ObjectName>() {
            prop_assert_eq!(ObjectName::new(name.bucket(), name.object(), name.version()), Ok(name.clone()));
        }
    }
}
