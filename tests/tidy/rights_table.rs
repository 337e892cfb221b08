const TABLE: &[(&str, &str)] = &[];
