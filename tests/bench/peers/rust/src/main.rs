//! What somebody who wants speed writes in Rust: csv, rayon and rust_xlsxwriter on all cores.
//!
//!     peer_rust DISTRICT OUT
use rayon::prelude::*;
use rust_xlsxwriter::{Chart, ChartType, Workbook, XlsxError};
use std::collections::BTreeMap;
use std::io::Write;

struct Scale { name: String, items: Vec<(usize, bool)>, allowed: usize, norm: [[(f64, f64); 6]; 2] }
struct Student { id: String, school: String, grade: u8, class: u8, sex: u8, raw: Vec<f64>, t: Vec<f64>, tier: u8 }

fn score(record: &csv::StringRecord, scales: &[Scale]) -> Student {
    let grade: u8 = record[2].parse().unwrap();
    let sex = (&record[4] == "f") as u8;
    let (mut raw, mut t, mut high) = (Vec::with_capacity(scales.len()), Vec::with_capacity(scales.len()), 0);
    for scale in scales {
        let (mut sum, mut n) = (0.0, 0);
        for &(item, reversed) in &scale.items {
            if let Ok(x) = record[4 + item].parse::<f64>() {
                sum += if reversed { 4.0 - x } else { x };
                n += 1;
            }
        }
        let k = scale.items.len();
        let value = if n + scale.allowed >= k { sum * k as f64 / n as f64 } else { f64::NAN };
        let (mean, sd) = scale.norm[sex as usize][grade as usize - 7];
        let standard = ((50.0 + 10.0 * (value - mean) / sd) * 10.0 + 0.5 + 1e-9).floor() / 10.0;
        high += (standard >= 70.0) as u32;
        raw.push(value);
        t.push(standard);
    }
    let tier = if high >= 6 { 2 } else if high >= 3 { 1 } else { 0 };
    Student { id: record[0].into(), school: record[1].into(), grade, class: record[3].parse().unwrap(), sex, raw, t, tier }
}

fn table(sheet: &mut rust_xlsxwriter::Worksheet, scales: &[Scale], students: &[&Student]) -> Result<(), XlsxError> {
    let mut heads: Vec<String> = ["id", "school", "grade", "class", "sex"].iter().map(|s| s.to_string()).collect();
    heads.extend(scales.iter().map(|s| s.name.clone()));
    heads.extend(scales.iter().map(|s| format!("{}.t", s.name)));
    heads.push("tier".into());
    for (i, head) in heads.iter().enumerate() { sheet.write(0, i as u16, head)?; }
    sheet.set_freeze_panes(1, 4)?;
    for (i, s) in students.iter().enumerate() {
        let row = i as u32 + 1;
        sheet.write(row, 0, &s.id)?;
        sheet.write(row, 1, &s.school)?;
        sheet.write(row, 2, s.grade)?;
        sheet.write(row, 3, s.class)?;
        sheet.write(row, 4, if s.sex == 1 { "f" } else { "m" })?;
        for (j, x) in s.raw.iter().chain(&s.t).enumerate() {
            if !x.is_nan() { sheet.write(row, 5 + j as u16, (x * 100.0).round() / 100.0)?; }
        }
        sheet.write(row, 5 + 2 * scales.len() as u16, s.tier)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (district, out) = (&arguments[1], &arguments[2]);
    std::fs::create_dir_all(out)?;
    let mut by_name: BTreeMap<String, Scale> = BTreeMap::new();
    for row in csv::Reader::from_path(format!("{district}/key.csv"))?.records() {
        let row = row?;
        by_name.entry(row[0].into()).or_insert_with(|| Scale { name: row[0].into(), items: vec![], allowed: row[3].parse().unwrap(), norm: [[(0.0, 1.0); 6]; 2] })
            .items.push((row[1].parse()?, &row[2] == "1"));
    }
    for row in csv::Reader::from_path(format!("{district}/instruments/norms/bench_t.csv"))?.records() {
        let row = row?;
        let grade: usize = row[2].parse()?;
        by_name.get_mut(&row[0]).unwrap().norm[(&row[1] == "female") as usize][grade - 7] = (row[4].parse()?, row[5].parse()?);
    }
    let scales: Vec<Scale> = by_name.into_values().collect();
    let records: Vec<csv::StringRecord> = csv::Reader::from_path(format!("{district}/responses.csv"))?.records().collect::<Result<_, _>>()?;
    let students: Vec<Student> = records.par_iter().map(|record| score(record, &scales)).collect();
    let mut schools: BTreeMap<&str, Vec<&Student>> = BTreeMap::new();
    for student in &students { schools.entry(&student.school).or_default().push(student); }
    schools.par_iter_mut().try_for_each(|(school, list)| -> Result<(), XlsxError> {
        list.sort_by(|a, b| (a.grade, a.class, &a.id).cmp(&(b.grade, b.class, &b.id)));
        let mut book = Workbook::new();
        table(book.add_worksheet().set_name("Scores")?, &scales, list)?;
        let mut listed: Vec<&Student> = list.iter().copied().filter(|s| s.tier > 0).collect();
        listed.sort_by(|a, b| b.tier.cmp(&a.tier));
        table(book.add_worksheet().set_name("Tiers")?, &scales, &listed)?;
        let summary = book.add_worksheet().set_name("Summary")?;
        for tier in 0..3u16 { summary.write(0, 1 + tier, tier)?; }
        for class in 1..=8u32 {
            summary.write(class, 0, class)?;
            for tier in 0..3u16 {
                summary.write(class, 1 + tier, list.iter().filter(|s| s.class as u32 == class && s.tier as u16 == tier).count() as u32)?;
            }
        }
        let mut chart = Chart::new(ChartType::ColumnStacked);
        for tier in 0..3u16 { chart.add_series().set_categories(("Summary", 1, 0, 8, 0)).set_values(("Summary", 1, 1 + tier, 8, 1 + tier)); }
        summary.insert_chart(1, 7, &chart)?;
        book.save(format!("{out}/{school}.xlsx"))
    })?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Schools")?;
    for (row, (school, list)) in schools.iter().enumerate() {
        sheet.write(row as u32, 0, *school)?;
        for tier in 0..3u16 { sheet.write(row as u32, 1 + tier, list.iter().filter(|s| s.tier as u16 == tier).count() as u32)?; }
    }
    book.save(format!("{out}/district.xlsx"))?;
    let mut file = std::io::BufWriter::new(std::fs::File::create(format!("{out}/scores.csv"))?);
    write!(file, "id,school")?;
    for s in &scales { write!(file, ",{0},{0}.t", s.name)?; }
    writeln!(file, ",tier")?;
    for s in &students {
        write!(file, "{},{}", s.id, s.school)?;
        for (x, t) in s.raw.iter().zip(&s.t) {
            if x.is_nan() { write!(file, ",,")?; } else { write!(file, ",{x},{t}")?; }
        }
        writeln!(file, ",{}", s.tier)?;
    }
    Ok(())
}
